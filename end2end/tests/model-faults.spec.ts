import { expect, open, summarise, test, videos } from '../support/test';
import { expectDone, provenance, stages, times } from '../support/summary-page';

const refusals = [
  {
    name: 'a wrong key',
    status: 401,
    error: { message: 'Incorrect API key provided', type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
    says: /key/i,
  },
  {
    name: 'a used-up quota',
    status: 429,
    error: {
      message: 'You exceeded your current quota, please check your plan and billing details.',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    },
    says: /quota/i,
  },
] as const;

for (const { name, status, error, says } of refusals) {
  test(`${name} leaves sentences from the transcript, labelled`, async ({ page, upstream, copy }) => {
    const video = copy(videos.short);
    await upstream.fault('/v1/chat/completions', { status, body: { error } }, { bodyContains: video.lastWords });
    await summarise(page, video.link);
    await expectDone(page);
    const note = page.getByRole('paragraph').filter({ hasText: says });
    await expect(note.first()).toBeVisible();
    await expect(note.first()).toContainText(/sentences from the transcript/i);
    await expect(provenance(page)).toContainText('Sentences from the transcript');
    expect(await times(page).count()).toBeGreaterThan(3);
    // The way out is beside it: another model, for the same video.
    await page.getByRole('link', { name: 'Use another model' }).click();
    const form = page.locator('details.rewrite');
    await expect(form.getByRole('button', { name: 'Write a new version' })).toBeInViewport();
    await expect(form.getByLabel('Model')).toBeVisible();
    // It would not help to ask again.
    expect(await upstream.asked('/chat/completions', video.lastWords)).toHaveLength(1);
  });
}

test('an overloaded model is asked again', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  const body = { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } };
  await upstream.fault('/v1/chat/completions', { status: 503, body }, { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  await expectDone(page);
  await expect(provenance(page)).toContainText('fixture-good');
  expect(await upstream.asked('/chat/completions', video.lastWords)).toHaveLength(2);
});

test('a stream that breaks off leaves no half text', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', { cut_after_bytes: 3_000 }, { bodyContains: video.lastWords, times: 1 });
  await summarise(page, video.link);
  await expectDone(page);
  await expect(provenance(page)).toContainText('fixture-good');
  const texts = await page.getByRole('article').getByRole('listitem').allTextContents();
  expect(new Set(texts).size).toBe(texts.length);
});

test('times stand in the text while it streams, not yet checked', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
  await open(page, '/');
  await page.getByText('fixture-good').first().click();
  await page.getByLabel('Model').selectOption('fixture-slow');
  await page.getByLabel('Paste YouTube links or a transcript').fill(video.link);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.waitForURL(/\/summaries\//);
  await expect(stages(page)).toBeVisible();
  await upstream.awaits('/chat/completions', video.lastWords);
  await upstream.release();
  await expect(page.getByRole('link', { name: /not checked yet/ }).first()).toBeVisible();
  const body = (await page.getByRole('article').textContent()) ?? '';
  expect(body).not.toMatch(/\[\d+( "|$)/);
  await expectDone(page);
  await expect(page.getByRole('link', { name: /not checked yet/ })).toHaveCount(0);
});
