import { expect, ready, summarise, test, videos } from '../support/test';
import { expectDone, stages, times, title } from '../support/summary-page';

test('a reload while the model writes changes nothing, and the summary appears once', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  const writing = stages(page).getByRole('listitem').filter({ hasText: 'Writing' });
  await expect(writing).toHaveAttribute('aria-current', 'step');
  await expect(page).toHaveTitle(/^Writing · /);
  // The first summary can be read meanwhile.
  await expect(times(page).nth(3)).toBeVisible();

  await page.reload();
  await ready(page);
  await expect(writing).toHaveAttribute('aria-current', 'step');
  await expect(title(page)).toContainText(video.mark);

  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  await expectDone(page);
  expect(await upstream.asked('/chat/completions', video.lastWords)).toHaveLength(1);
  await page.goto('/library');
  await expect(page.getByRole('link', { name: new RegExp(video.mark) })).toHaveCount(1);
});

test('two tabs see the same, and closing one cancels nothing', async ({ context, page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  await expect(stages(page)).toBeVisible();
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  await expect(stages(other)).toBeVisible();
  await page.close();
  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  await expectDone(other);

  const third = await context.newPage();
  await third.goto(other.url());
  const words = async (tab: typeof page) => (await times(tab).allTextContents()).join(' ');
  expect(await words(third)).toBe(await words(other));
});

test('the same request twice is one run', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  const first = new URL(page.url()).pathname;
  await summarise(page, `https://youtu.be/${video.id}?si=abcdef`);
  expect(new URL(page.url()).pathname).toBe(first);
  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  await expectDone(page);
});

test('the extract gives way to the model’s text only while nobody reads it', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  const tabs = page.getByRole('navigation', { name: 'Versions' });
  const extract = tabs.getByRole('link', { name: 'From the transcript' });
  await expect(extract).toHaveAttribute('aria-current', 'true');
  await page.getByRole('button', { name: 'Stay here' }).click();
  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  await expect(tabs.getByRole('link', { name: /fixture-good.*ready/ })).toBeVisible();
  await expect(extract).toHaveAttribute('aria-current', 'true');
  await tabs.getByRole('link', { name: /fixture-good/ }).click();
  await expectDone(page);
});

test('what happens is said to those who hear the page', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  await expect(stages(page)).toBeVisible();
  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  await expect(page.getByRole('status').filter({ hasText: /^Summary ready: \d+ match/ })).toBeAttached();
});
