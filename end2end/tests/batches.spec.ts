import AxeBuilder from '@axe-core/playwright';
import { expect, open, test, videos } from '../support/test';

const LONG = 'PLThreeHundredKettles00001';

test('what was asked for at once is one row of Activity that opens @phone', async ({ page, request, copy, upstream }) => {
  const links = [copy(videos.short), copy(videos.private), copy(videos.automatic)];
  await upstream.fault('/v1/chat', 'hold', { bodyContains: links[2].lastWords });
  const response = await request.post('/api/v1/runs', { data: { input: links.map((link) => link.link).join('\n'), batch: 'A walk' } });
  const { batch_id: id, runs } = await response.json();
  expect(runs).toHaveLength(3);
  await open(page, '/activity');
  const row = page.getByRole('listitem').filter({ has: page.getByText('A walk', { exact: true }) }).first();
  await expect(row).toContainText('3 videos');
  await expect(row).toContainText('1 done', { timeout: 30_000 });
  await expect(row).toContainText('1 failed');
  await expect(row.getByRole('link', { name: new RegExp(links[0].mark) })).toBeHidden();
  await row.getByText('A walk', { exact: true }).click();
  await expect(row.getByRole('link', { name: new RegExp(links[0].mark) })).toBeVisible();
  // It stays open while the rows are made anew.
  await page.waitForTimeout(4_000);
  await expect(row.getByRole('link', { name: new RegExp(links[0].mark) })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await row.getByRole('button', { name: 'Cancel all A walk' }).click();
  await expect(row).toContainText('1 cancelled', { timeout: 30_000 });
  await row.getByRole('button', { name: 'Retry failed A walk' }).click();
  await expect
    .poll(async () => (await (await request.get(`/api/v1/batches/${id}`)).json()).counts)
    .toMatchObject({ done: 1, failed: 1, cancelled: 1 });
  expect((await request.get('/api/v1/batches/no-such')).status()).toBe(404);
});

test('all that failed is tried again with one button', async ({ page, request, copy }) => {
  const input = `${copy(videos.private).link}\n${copy(videos.unavailable).link}`;
  const { batch_id: id } = await (await request.post('/api/v1/runs', { data: { input } })).json();
  const counts = async () => (await (await request.get(`/api/v1/batches/${id}`)).json()).counts;
  await expect.poll(async () => (await counts()).failed, { timeout: 30_000 }).toBe(2);
  const asked = (await (await request.get(`/api/v1/batches/${id}`)).json()).runs[0].id;
  await open(page, '/activity');
  const again = page.waitForResponse((response) => response.url().includes('/api/ui/retry-failed'));
  await page.getByRole('button', { name: 'Retry all failed' }).click();
  expect((await again).ok()).toBe(true);
  await expect.poll(async () => (await counts()).failed, { timeout: 30_000 }).toBe(2);
  expect(asked).toBeTruthy();
});

test('a playlist of three hundred can be looked at, chosen from, and sent', async ({ page }) => {
  await open(page, `/playlists/${LONG}?select=none`);
  const boxes = page.getByRole('checkbox');
  await expect(boxes).toHaveCount(300);
  await expect(page.getByText('0 of 300')).toBeVisible();
  for (const at of [0, 150, 299]) {
    await boxes.nth(at).check();
  }
  await expect(page.getByText(/^3 of 300 · 9 min · ~\d,000 tokens/)).toBeVisible();
  await page.locator('.options summary').click();
  await page.getByLabel('Model').selectOption('extractive');
  await expect(page.getByText(/^3 of 300 · 9 min(?! · ~\d+,000 tokens)/)).toBeVisible();
  await page.getByRole('button', { name: 'Summarise 3' }).click();
  await page.waitForURL(/\/activity/);
  const row = page.getByRole('listitem').filter({ has: page.getByText('Three hundred kettles') }).first();
  await expect(row).toContainText('3 videos');
  await expect(row).toContainText('3 done', { timeout: 40_000 });

  // What is kept is known the next time, and only what is new is ticked.
  await open(page, `/playlists/${LONG}`);
  await expect(page.getByText('English', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Summarise 297' })).toBeVisible();
  await page.getByRole('link', { name: 'All', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Summarise 300' })).toBeVisible();
});
