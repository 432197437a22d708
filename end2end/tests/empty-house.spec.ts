import { expect, open, ready, test } from '../support/test';
import { expectDone, frame, times, title, transcript } from '../support/summary-page';

test('a library without videos says so where it could be asked', async ({ page }) => {
  await open(page, '/ask');
  await expect(page.getByText('Your library is empty')).toBeVisible();
  await page.getByRole('link', { name: 'Summarise a video' }).click();
  await expect(page).toHaveURL(/\/$/);
});

test('a new house offers the sample, which needs no key and no internet', async ({ page, upstream }) => {
  await open(page, '/');
  await expect(page.getByRole('heading', { name: 'Newest' })).toBeHidden();
  await page.getByRole('button', { name: /sample/ }).click();
  await page.waitForURL(/\/summaries\//);
  await ready(page);
  await expectDone(page);
  await expect(title(page)).not.toBeEmpty();
  await expect(transcript(page)).toBeVisible();
  expect(await upstream.asked('/youtubei/')).toEqual([]);

  // No video stands behind it: a time leads to the transcript.
  await times(page).first().click();
  await expect(frame(page)).toHaveCount(0);
  await expect(page).toHaveURL(/\/summaries\//);
});
