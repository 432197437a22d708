import { expect, open, summarise, test, videos } from '../support/test';
import { expectDone, provenance, tally, times, title, transcript } from '../support/summary-page';

test('a pasted link becomes a summary with times @phone @dark', async ({ page, copy }) => {
  const video = copy(videos.short);
  await summarise(page, video.link);
  await expect(title(page)).toContainText('Why a Kettle Sings Before It Boils');
  await expectDone(page);
  await expect(tally(page)).toHaveText(/^[1-9]\d* match/);
  expect(await times(page).count()).toBeGreaterThan(3);
  await expect(transcript(page).getByText('the kettle begins to sing')).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`^Why a Kettle .* ${video.mark} · YouTube Summarizer$`));

  await expect(provenance(page)).toContainText('captions, by hand');
  await provenance(page).click();
  await expect(page.getByText('English', { exact: true }).first()).toBeVisible();
});

test('what a line is shows while it is typed', async ({ page }) => {
  await open(page, '/');
  const field = page.getByLabel('Paste YouTube links or a transcript');
  await field.fill('https://youtu.be/TeaKettle04\nhttps://www.youtube.com/playlist?list=PLLanternWalks000000000001\nhttps://example.com/');
  await expect(page.getByRole('paragraph').filter({ hasText: /1 video.*2 playlist.*3 not a YouTube link/ })).toBeVisible();
});

test('a long video has chapters, and times with hours', async ({ page }) => {
  await summarise(page, `https://youtu.be/${videos.long}`);
  await expectDone(page);
  await expect(title(page)).toHaveText(/^Every Lighthouse on the Northern Line/);
  await expect(times(page).first()).toHaveText(/\d:\d\d:\d\d/);
  await expect(transcript(page).getByRole('heading', { name: 'The great fog of 1889' })).toBeAttached();
});

test('captions without punctuation become sentences that can be read', async ({ page, copy }) => {
  await summarise(page, copy(videos.automatic).link);
  await expectDone(page);
  await expect(provenance(page)).toContainText('captions, automatic');
  expect(await times(page).count()).toBeGreaterThan(3);
});
