// A house of its own for what changes the whole house: a login that is switched on, for instance. It begins empty and without a login.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ownHouse, ownUrl } from './servers';
import { test as base } from './test';

export { expect, ownUrl };

export const test = base.extend<{ house: void }>({
  baseURL: ownUrl,
  house: [
    async ({}, use) => {
      const app = spawn('node', [resolve(import.meta.dirname, 'serve-app.mjs')], {
        stdio: 'inherit',
        env: { ...process.env, ...ownHouse },
      });
      const ended = new Promise((done) => app.once('exit', done));
      await expect.poll(() => fetch(`${ownUrl}/readyz`).then((answer) => answer.status, () => 0), { timeout: 60_000 }).toBe(200);
      await use();
      app.kill('SIGTERM');
      await ended;
    },
    { auto: true, timeout: 90_000 },
  ],
});

const first = 'tulips <&"\'> in Mäy';
const second = 'stars, and a fox';

const save = (page: Page) => page.locator('form', { has: page.getByLabel('Ask for a login code') }).getByRole('button', { name: 'Save' });

async function enter(page: Page, code: string) {
  await page.getByLabel('Login code').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Switches a login on, changes its code, and switches it off again: what a person does, with script or without. */
export async function changeTheLogin(page: Page) {
  await page.goto('/settings/access');
  await expect(page.getByText('There is no login')).toBeVisible();
  await page.getByLabel('Ask for a login code').selectOption('Yes');
  await page.getByLabel('Login code', { exact: true }).fill('password');
  await page.getByLabel('The new code again').fill('password');
  await save(page).click();
  await expect(page.getByText('Login code is among the first that anybody would try')).toBeVisible();
  await expect(page.getByLabel('Login code', { exact: true })).toHaveAttribute('aria-invalid', 'true');

  await page.getByLabel('Login code', { exact: true }).fill(first);
  await page.getByLabel('The new code again').fill(first);
  await save(page).click();
  // Whoever switched it on is asked as well.
  await expect(page).toHaveURL(/\/login\?next=%2Fsettings%2Faccess$/);
  await enter(page, first);
  await expect(page.getByText('Settings changed: LOGIN_CODE set')).toBeVisible();
  await expect(page.getByText('this device')).toBeVisible();

  await page.getByLabel('Login code', { exact: true }).fill(second);
  await page.getByLabel('The new code again').fill(second);
  await page.getByLabel('The code that is in force').fill('a guess');
  await save(page).click();
  await expect(page.getByText('The code that is in force is another; 4 attempts remain.')).toBeVisible();
  // What was typed is not shown again.
  await expect(page.getByLabel('Login code', { exact: true })).toHaveValue('');
  await page.getByLabel('Login code', { exact: true }).fill(second);
  await page.getByLabel('The new code again').fill(second);
  await page.getByLabel('The code that is in force').fill(first);
  await save(page).click();
  await enter(page, first);
  await expect(page.getByRole('alert')).toHaveText('That is not the code.');
  await enter(page, second);
  await expect(page.getByRole('heading', { level: 1, name: 'Access' })).toBeVisible();

  await page.getByLabel('Ask for a login code').selectOption('No');
  await page.getByLabel('The code that is in force').fill(second);
  await save(page).click();
  await expect(page.getByText('There is no login')).toBeVisible();
}
