import AxeBuilder from '@axe-core/playwright';
import { expect, open, test, videos } from '../support/test';
import { expectDone } from '../support/summary-page';

const LIST = 'PLLanternWalks000000000001';

test('a playlist is previewed, chosen from, and summarised @phone', async ({ page }) => {
  await open(page, '/');
  await page.getByLabel('Paste YouTube links or a transcript').fill(`https://www.youtube.com/playlist?list=${LIST}`);
  await expect(page.getByText('1 playlist: choose next')).toBeVisible();
  await page.getByRole('button', { name: 'Summarise' }).click();
  await expect(page).toHaveURL(new RegExp(`/playlists/${LIST}$`));
  const boxes = page.getByRole('checkbox');
  await expect(boxes.first()).toBeVisible();
  const count = await boxes.count();
  expect(count).toBeGreaterThan(5);
  await expect(page.getByText('private', { exact: true })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole('link', { name: 'None', exact: true }).click();
  await expect(page.getByText(`0 of ${count}`)).toBeVisible();
  await boxes.nth(0).check();
  await expect(page.getByText(new RegExp(`^1 of ${count} · .* tokens`))).toBeVisible();
  await page.getByRole('button', { name: 'Summarise 1' }).click();
  await page.waitForURL(/\/summaries\//);
  await expectDone(page);

  await open(page, `/playlists/${LIST}?select=all`);
  await expect(page.getByRole('link', { name: /^summarised/ }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: `Summarise ${count - 1}` })).toBeVisible();
  await page.getByRole('button', { name: `Summarise ${count - 1}` }).click();
  await page.waitForURL(/\/activity/);
});

test('a channel by its handle has a preview, and what is no list says why', async ({ page, trouble }) => {
  await open(page, '/channels/@lanternworks');
  await expect(page.getByRole('checkbox').first()).toBeVisible();
  trouble.expect(/404/);
  await open(page, '/playlists/PLNobodyHasThis00000000000');
  await expect(page.getByRole('alert')).toContainText('YouTube says “The playlist does not exist.”');
});

test('a video of a playlist is the video, and the playlist is offered', async ({ page, copy }) => {
  await open(page, '/');
  const video = copy(videos.short);
  await page.getByLabel('Paste YouTube links or a transcript').fill(`https://www.youtube.com/watch?v=${video.id}&list=${LIST}&index=2`);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.waitForURL(/\/summaries\//);
  await expectDone(page);
  await page.getByRole('link', { name: 'Choose more of its playlist' }).click();
  await expect(page).toHaveURL(new RegExp(`/playlists/${LIST}$`));
});
