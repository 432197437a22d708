import { expect, summarise, test, videos } from '../support/test';
import { expectDone } from '../support/summary-page';

const cases = [
  { video: videos.private, says: /private/i, way: 'Use my browser’s captions' },
  { video: videos.unavailable, says: /unavailable|not available|no longer/i, way: 'Try another link' },
  { video: videos.noCaptions, says: /no captions/i, way: /transcript/ },
] as const;

for (const { video, says, way } of cases) {
  test(`${video}: the page says what happened, whose fault it is, and the way out`, async ({ page, copy }) => {
    await summarise(page, copy(video).link);
    const alert = page.getByRole('alert').filter({ hasText: says });
    await expect(alert).toBeVisible();
    await expect(alert.getByRole('link', { name: way })).toBeVisible();
    await expect(page).toHaveTitle(/^Failed · /);
    await alert.getByText('Details').click();
    await expect(alert.getByRole('code').first()).not.toBeEmpty();
  });
}

test('a refused address is not the link’s fault, and pasting is offered @phone', async ({ page, copy }) => {
  await summarise(page, copy(videos.blocked).link);
  const alert = page.getByRole('alert').filter({ hasText: 'takes this server for a bot' });
  await expect(alert).toBeVisible({ timeout: 30_000 });
  await expect(alert).toContainText('Your link is fine');
  await expect(alert).toContainText(/Next try in \d+ min/);
  await expect(page).toHaveTitle(/^Waiting · /);
  for (const way of ['Paste the transcript', 'Use my browser’s captions', 'Set a proxy']) {
    await expect(alert.getByRole('link', { name: way })).toBeVisible();
  }
  await alert.getByRole('link', { name: 'Set a proxy' }).click();
  await expect(page.getByRole('heading', { name: 'Where YouTube refuses this server' })).toBeInViewport();
});

test('an answer of 503 is asked again', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/youtubei/v1/player', { status: 503 }, { bodyContains: video.id, times: 1 });
  await summarise(page, video.link);
  const again = page.getByRole('button', { name: 'Try again now' });
  await expect(async () => {
    if (await again.isVisible()) {
      await again.click();
    }
    await expectDone(page);
  }).toPass({ timeout: 40_000 });
  const asked = await upstream.asked('/youtubei/v1/player', video.id);
  expect(asked.length).toBeGreaterThan(1);
});

test('garbage is not taken for a video', async ({ page, upstream, copy }) => {
  const video = copy(videos.short);
  await upstream.fault('/youtubei/', 'garbage', { bodyContains: video.id });
  await summarise(page, video.link);
  await expect(page.getByRole('alert').filter({ hasText: 'YouTube' })).toBeVisible({ timeout: 40_000 });
});
