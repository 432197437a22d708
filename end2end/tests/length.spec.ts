// How long a summary is to be: by name or in words, for a new one and for one that is written again.

import { expect, make, open, test, videos } from '../support/test';
import { expectDone } from '../support/summary-page';

test('the line says the length that will be used: words, where some are typed', async ({ page }) => {
  await open(page, '/');
  const line = page.locator('details.options > summary');
  await line.click();
  await page.getByLabel('Length').selectOption('long');
  await expect(line).toContainText('long');
  await page.getByLabel('Or at most so many words').fill('60');
  await expect(line).toContainText('at most 60 words');
  await expect(line).not.toContainText('long');
  await page.getByLabel('Or at most so many words').fill('');
  await expect(line).toContainText('long');
});

test('a summary that is written again keeps its length, or gets another by name', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const first = await make(request, video.link, { words: 77 });
  await open(page, `/summaries/${first}`);
  const form = page.locator('details.rewrite');
  for (const length of [undefined, 'short']) {
    const before = new URL(page.url()).pathname;
    await page.getByText('Rewrite', { exact: true }).click();
    if (length) {
      await form.getByLabel('Length').selectOption(length);
    }
    await form.getByRole('button', { name: 'Write a new version' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/summaries/') && url.pathname !== before);
    await expectDone(page);
  }
  await open(page, `/videos/${video.id}/versions`);
  const rows = page.getByRole('main').getByRole('listitem');
  for (const [at, words] of [120, 77, 77].entries()) {
    await expect(rows.nth(at)).toContainText(`at most ${words} words`);
  }
});
