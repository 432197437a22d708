import { expect, make, open, ready, test, videos } from '../../support/test';
import { frame, times, title } from '../../support/summary-page';

test('on a phone the text begins in the upper half, and the player is small and stays', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.longTitle).link);
  await open(page, `/summaries/${id}`);
  await expect(title(page)).toBeVisible();
  const first = await times(page).first().boundingBox();
  expect(first?.y).toBeLessThan(700);

  await times(page).nth(2).click();
  await expect(frame(page)).toBeVisible();
  const height = page.viewportSize()?.height ?? 0;
  const player = await frame(page).boundingBox();
  expect(player?.height).toBeLessThanOrEqual(height * 0.34);
  await page.mouse.wheel(0, 2_000);
  await expect(frame(page)).toBeInViewport();
});

test('on a phone the quoted words are marked under the player, and in the transcript', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.long).link);
  await open(page, `/summaries/${id}`);
  const time = times(page).nth(1);
  await time.click();
  const mark = page.locator('.said mark');
  await expect(mark).toBeInViewport({ ratio: 1 });
  const words = await mark.innerText();
  expect(words.split(' ').length).toBeGreaterThan(2);
  await expect(page.locator('.passage.lit mark')).toHaveText(words);
  // Within the three lines that there is room for.
  const [place, box] = [await mark.boundingBox(), await page.locator('.said p').boundingBox()];
  expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0) + 1);
  await page.getByRole('link', { name: 'In the transcript' }).click();
  await expect(page.locator('.passage.lit mark')).toBeInViewport();
  // Another time, another quote.
  await times(page).nth(0).click();
  await expect(page.locator('.passage mark')).toHaveCount(1);
  await expect(mark).not.toHaveText(words);
});

test('on a phone times are large enough to touch', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  for (const time of await times(page).all()) {
    const box = await time.boundingBox();
    if (box) {
      expect(box.height).toBeGreaterThanOrEqual(24);
    }
  }
});

test('on a phone the search is a press away on every page', async ({ page }) => {
  await open(page, '/activity');
  await page.getByRole('link', { name: 'Search', exact: true }).click();
  await expect(page).toHaveURL(/\/library#/);
  await expect(page.getByRole('searchbox', { name: 'Search the library' }).filter({ visible: true })).toBeInViewport();
});

test('on a phone a hit is what one lands on', async ({ page, request, copy }) => {
  const video = copy(videos.long);
  await make(request, video.link, { model: 'extractive' });
  await open(page, `/library?q=lighthouse+${video.mark}&video=${video.id}`);
  await page.getByRole('listitem').locator('a.time').last().click();
  await page.waitForURL(/#p\d+$/);
  await ready(page);
  await expect(page.locator('.passage:target')).toBeInViewport();
});

test('on a phone the buttons of a version stand in one line', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  await make(request, video.link);
  await open(page, `/videos/${video.id}/versions`);
  const row = page.getByRole('main').getByRole('listitem').first();
  const [pin, remove] = [
    await row.getByRole('button', { name: /^Pin/ }).boundingBox(),
    await row.getByText('Delete', { exact: true }).boundingBox(),
  ];
  expect(pin?.y).toBe(remove?.y);
});
