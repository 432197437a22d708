import { expect, test } from '../../support/test';

test('videos of a playlist are chosen and summarised', async ({ page }) => {
  await page.goto('/playlists/PLLanternWalks000000000001?select=none');
  const boxes = page.getByRole('checkbox');
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.waitForURL(/\/activity/);
});
