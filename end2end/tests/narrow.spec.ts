import type { Page } from '@playwright/test';
import { expect, make, open, summarise, test, videos } from '../support/test';
import { expectDone } from '../support/summary-page';

test.use({ viewport: { width: 320, height: 700 } });

async function expectNoSideways(page: Page) {
  const [content, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(room ?? 0);
}

for (const path of ['/', '/library', '/activity', '/settings/appearance']) {
  test(`${path} fits into 320 px`, async ({ page, request, copy }) => {
    for (const video of [videos.longTitle, videos.hostile, videos.arabic]) {
      await make(request, copy(video).link);
    }
    await open(page, path);
    await expectNoSideways(page);
  });
}

for (const video of [videos.longTitle, videos.arabic, videos.hostile]) {
  test(`the summary of ${video} fits into 320 px`, async ({ page, request, copy }) => {
    const id = await make(request, copy(video).link, { model: 'fixture-liar' });
    await open(page, `/summaries/${id}`);
    await expectDone(page);
    await expectNoSideways(page);
  });
}

test('a failure fits into 320 px', async ({ page, copy }) => {
  await summarise(page, copy(videos.blocked).link);
  await expect(page.getByRole('alert').filter({ hasText: 'takes this server for a bot' })).toBeVisible({ timeout: 30_000 });
  await expectNoSideways(page);
});
