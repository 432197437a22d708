import type { Page } from '@playwright/test';
import { expect, make, test, videos } from '../../support/test';
import { expectDone, frame, stages, times, title, transcript } from '../../support/summary-page';

async function send(page: Page, text: string) {
  await page.goto('/');
  await page.getByLabel('Paste YouTube links or a transcript').fill(text);
  await page.getByRole('button', { name: 'Summarise' }).click();
}

test('a link becomes a summary; the page refreshes itself until then', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await send(page, video.link);
  await page.waitForURL(/\/summaries\//);
  await expect(stages(page).getByText('Writing')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('link', { name: 'Stop refreshing' })).toBeVisible();
  await expect(title(page)).toContainText(video.mark);
  await expect.poll(() => times(page).count()).toBeGreaterThan(3);
  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  // Nobody presses anything.
  await expectDone(page);
});

test('refreshing can be stopped', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await send(page, video.link);
  await page.getByRole('link', { name: 'Stop refreshing' }).click();
  await expect(page.getByRole('link', { name: 'Refresh again' })).toBeVisible();
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(0);
});

test('a time leads to the player at that second', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await page.goto(`/summaries/${id}`);
  await expect(frame(page)).toHaveCount(0);
  await times(page).nth(2).click();
  await expect(page).toHaveURL(/\?t=\d+#player$/);
  const second = /t=(\d+)/.exec(page.url())?.[1];
  await expect(frame(page)).toHaveAttribute('src', new RegExp(`start=${second}\\b`));
  // In the picture's place, not below it, where the transcript begins.
  await expect(page.getByRole('link', { name: /^Play/ })).toBeHidden();
  const [player, words] = [await frame(page).boundingBox(), await transcript(page).boundingBox()];
  expect((player?.y ?? 0) + (player?.height ?? 0)).toBeLessThanOrEqual(words?.y ?? 0);
});

test('the other version is a link away', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await page.goto(`/summaries/${id}`);
  await page.getByRole('link', { name: 'From the transcript' }).click();
  await expect(page.getByText('No model wrote this')).toBeVisible();
});

test('a pasted transcript becomes a summary', async ({ page }) => {
  const lines = ['0:00 A lamp was lit in this town', '0:10 and it burned for 40 years', '0:20 until the oil was gone'];
  await send(page, `${lines.join('\n')}\n0:30 on the day ${Date.now()}`);
  await page.waitForURL(/\/summaries\//);
  await expectDone(page);
  await expect(transcript(page)).toContainText('burned for 40 years');
});

test('an uploaded file becomes a summary', async ({ page }) => {
  await page.goto('/');
  const text = `WEBVTT\n\n00:00.000 --> 00:08.000\nA ferry without an engine crosses the sound.\n\n00:08.000 --> 00:16.000\nThe current pushes it ${Date.now()} times.\n`;
  await page.locator('input[type=file]').setInputFiles({ name: 'ferry.vtt', mimeType: 'text/vtt', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.waitForURL(/\/summaries\//);
  await expectDone(page);
});

test('bad lines are named and stay in the field', async ({ page, copy }) => {
  await send(page, `not-a-link://x\n${copy(videos.short).link}\nhttps://vimeo.com/1`);
  await expect(page.getByRole('alert').filter({ hasText: '1 of 3 lines accepted' })).toBeVisible();
  await expect(page.getByLabel('Paste YouTube links or a transcript')).toHaveValue('not-a-link://x\nhttps://vimeo.com/1');
});

test('a failure says what happened and can be tried again', async ({ page, copy }) => {
  await send(page, copy(videos.private).link);
  await expect(page.getByRole('alert').filter({ hasText: /private/i })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Try again now' }).click();
  await expect(page).toHaveURL(/\/summaries\//);
  await expect(page.getByRole('alert').filter({ hasText: /private/i })).toBeVisible({ timeout: 20_000 });
});

test('a run can be cancelled', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await send(page, video.link);
  await expect(stages(page).getByText('Writing')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('You stopped this.')).toBeVisible({ timeout: 20_000 });
});

test('a summary can be deleted and taken back', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  await make(request, video.link);
  await page.goto('/library');
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(video.mark) }) });
  await row.getByText('Delete', { exact: true }).click();
  await row.getByRole('button', { name: 'Delete this one' }).click();
  await expect(page.getByText('The summary was deleted.')).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toHaveCount(1);
});
