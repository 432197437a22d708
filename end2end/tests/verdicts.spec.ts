import { expect, make, open, test, videos } from '../support/test';
import { expectDone, tally, times, transcript } from '../support/summary-page';

test('a model that lies is told on', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link, { model: 'fixture-liar' });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  await expect(tally(page)).toHaveText(/\d+ match · \d+ to check · \d+ not found/);

  const invention = page.getByRole('listitem').filter({ hasText: 'a full refund of 500 dollars' });
  await expect(invention.getByRole('link')).toHaveCount(0);
  await invention.getByRole('button', { name: 'not found' }).click();
  await expect(invention).toContainText('no passage was found that says it');
  await invention.getByRole('link', { name: 'Search the transcript' }).click();
  await expect(transcript(page)).toBeInViewport();

  await expect(page.getByText(/differs: the summary says \d+/).first()).toBeVisible();
});

test('where nothing of a model’s text was found, the transcript’s own sentences come first', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link, { model: 'fixture-stray' });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  const tabs = page.getByRole('navigation', { name: 'Versions' });
  await expect(tabs.getByRole('link', { name: 'From the transcript' })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByText('Nothing that fixture-stray wrote was found in the transcript')).toBeVisible();
  await tabs.getByRole('link', { name: 'fixture-stray' }).click();
  await expect(page.getByText('Nothing of this was found in the transcript.')).toBeVisible();
  await expect(tally(page)).toHaveText(/^0 match · 2 not found/);
});

test('claims in another language say that only the quote was found', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.languages).link, { model: 'fixture-other-language', language: 'de' });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  // They are no matches, and wear another sign.
  await expect(tally(page)).toHaveText(/\d+ quotes? found/);
  await expect(times(page).first()).toHaveAttribute('data-standing', 'quoted');
  await expect(times(page).first()).toHaveAccessibleName(/quote found, wording not compared$/);
  await expect(page.getByText('The wording is in another language')).toBeVisible();
  await times(page).first().hover();
  await expect(page.getByRole('tooltip')).toContainText('Quote found; wording not compared (other language)');
});

test('a model that writes in another language than it was asked for is told on', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link, { language: 'de' });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  await expect(page.getByText('The model wrote in English, not in German.')).toBeVisible();
});

test('the card of the last line stays in the window, and describes its time', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  const last = page.locator('.version:not([inert]) .time').last();
  await last.evaluate((time) => time.scrollIntoView({ block: 'end' }));
  await last.hover();
  const card = page.getByRole('tooltip');
  await expect(card).toBeInViewport({ ratio: 1 });
  await expect(last).toHaveAccessibleDescription(/^(Said in these words|Wording matches)/);
  const [above, below] = [await card.boundingBox(), await last.boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual((below?.y ?? 0) + 8);
});

test('the card of a time shows the words that were said', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await times(page).first().hover();
  await expect(page.getByRole('tooltip')).toContainText(/Said in these words|Wording matches/);
  await page.keyboard.press('Escape');
  await times(page).first().focus();
  await expect(page.getByRole('tooltip')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toBeHidden();
});

test('both texts are there: the model’s and the sentences from the transcript', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  const tabs = page.getByRole('navigation', { name: 'Versions' });
  await expect(tabs.getByRole('link', { name: 'fixture-good' })).toHaveAttribute('aria-current', 'true');
  await tabs.getByRole('link', { name: 'From the transcript' }).click();
  await expect(page.getByText('No model wrote this')).toBeVisible();
  await expect(tally(page)).toHaveText(/^\d+ match(es)? · covers/);
  await page.reload();
  await expect(tabs.getByRole('link', { name: 'From the transcript' })).toHaveAttribute('aria-current', 'true');
});
