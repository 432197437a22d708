// One picture a page, device and theme. They stand for themselves: nothing is compared.

import { expect, test as base, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import { make, start } from '../support/test';
import { expectDone, times } from '../support/summary-page';
import { videos } from '../support/upstream';

const folder = process.env.YTSUM_SCREENSHOTS || resolve(import.meta.dirname, '../../docs/screenshots');

const test = base.extend<{ shoot: (page: Page, name: string) => Promise<void> }>({
  shoot: async ({}, use, info) => {
    await use(async (page, name) => {
      await page.evaluate(() => document.fonts.ready);
      await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {});
      await page.screenshot({ path: resolve(folder, `${name}-${info.project.name}.png`), animations: 'disabled', caret: 'initial' });
    });
  },
});

test.beforeAll(async ({ playwright, baseURL }) => {
  // The library's contents, oldest first; what is there already is not made again.
  const request = await playwright.request.newContext({ baseURL });
  for (const id of [videos.arabic, videos.japanese, videos.longTitle, videos.automatic, videos.languages, videos.short]) {
    await make(request, id);
  }
  await make(request, videos.long, { model: 'fixture-liar' });
  await request.dispose();
});

test('home', async ({ page, shoot }) => {
  await page.goto('/');
  const field = page.getByLabel('Paste YouTube links or a transcript');
  await expect(async () => {
    // Until script has taken over, nothing says what the lines are.
    await field.fill('');
    await field.fill(`https://youtu.be/${videos.short}\nhttps://example.com/`);
    await expect(page.getByText(/not a YouTube link/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await shoot(page, 'home');
});

test('summary', async ({ page, request, shoot }) => {
  const id = await make(request, videos.long, { model: 'fixture-liar' });
  await page.goto(`/summaries/${id}`);
  await expectDone(page);
  await shoot(page, 'summary');
});

test('running', async ({ page, request, shoot }) => {
  const id = await start(request, videos.automatic, { model: 'fixture-slow', fresh: true });
  await page.goto(`/summaries/${id}`);
  await expect(page.getByRole('link', { name: /not checked yet/ }).nth(2)).toBeVisible({ timeout: 30_000 });
  await expect(times(page).first()).toBeVisible();
  await page.screenshot({ path: resolve(folder, `running-${test.info().project.name}.png`) });
  await request.post(`/api/v1/runs/${id}/cancel`);
});

test('library', async ({ page, shoot }) => {
  await page.goto('/library');
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  await shoot(page, 'library');
});

test('error', async ({ page, request, shoot }) => {
  const id = await start(request, videos.blocked);
  await page.goto(`/summaries/${id}`);
  await expect(page.getByRole('alert').filter({ hasText: 'takes this server for a bot' })).toBeVisible({ timeout: 30_000 });
  await shoot(page, 'error');
});
