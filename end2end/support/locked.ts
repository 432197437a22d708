// The house with a login: each test comes from an address of its own, so that no test locks another out.

import { expect, type Page } from '@playwright/test';
import { test as base } from './test';
import { lockedUrl, loginCode } from './servers';

let visitors = 0;

export const test = base.extend<{ address: string }>({
  baseURL: lockedUrl,
  address: async ({}, use, info) => {
    visitors += 1;
    await use(`2001:db8:${info.workerIndex}:${visitors}::1`);
  },
  extraHTTPHeaders: async ({ address }, use) => {
    await use({ 'x-forwarded-for': address });
  },
});

export { expect, loginCode };

export const field = (page: Page) => page.getByLabel('Login code');

/** Types a code into the login page and sends it. */
export async function enter(page: Page, code: string) {
  await field(page).fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in and lands on the access settings. */
export async function signIn(page: Page) {
  await page.goto('/settings/access');
  await enter(page, loginCode);
  await expect(page.getByRole('heading', { level: 1, name: 'Access' })).toBeVisible();
}
