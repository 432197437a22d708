import { expect, ready, summarise, test, videos } from '../support/test';
import { expectDone, stages } from '../support/summary-page';

test('a run can be cancelled and started again', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  await expect(stages(page).getByText('Writing')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('You stopped this.')).toBeVisible();
  await expect(stages(page)).toBeHidden();

  await page.reload();
  await ready(page);
  await expect(page.getByText('You stopped this.')).toBeVisible();
  await page.getByRole('button', { name: 'Start again' }).click();
  await expectDone(page);
  await expect(page.getByText('You stopped this.')).toBeHidden();
});

test('activity lists what is going on, and can cancel it', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  await expect(stages(page).getByText('Writing')).toBeVisible();
  await page.getByRole('link', { name: 'Activity' }).click();
  await expect(page.getByRole('heading', { name: 'Now' })).toBeVisible();
  await page.getByRole('button', { name: new RegExp(`^Cancel .*${video.mark}`) }).click();
  await expect(page.getByRole('button', { name: new RegExp(`^Retry .*${video.mark}`) })).toBeVisible();
});
