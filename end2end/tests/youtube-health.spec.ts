import AxeBuilder from '@axe-core/playwright';
import { expect, open, summarise, test, videos } from '../support/test';

test('refusals pause YouTube work, said wherever one would wonder, until a test shows that it answers', async ({ page, copy }) => {
  for (let refusal = 0; refusal < 3; refusal += 1) {
    await summarise(page, copy(videos.blocked).link);
    await expect(page.getByRole('alert')).toContainText('takes this server for a bot');
  }
  await open(page, '/');
  await expect(page.getByRole('status').filter({ hasText: 'YouTube work is paused.' })).toBeVisible();
  await summarise(page, copy(videos.short).link);
  await expect(page.getByRole('alert')).toContainText('so it is left alone for a while');
  await open(page, '/activity');
  // These four, and what other tests left waiting.
  await expect(page.getByText(/\d+ videos wait; nothing is lost\./)).toBeVisible();

  await page.getByRole('link', { name: 'YouTube settings' }).click();
  await expect(page.getByRole('heading', { name: 'YouTube', exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /ANDROID/ })).toContainText('request_blocked');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Test now' }).click();
  await expect(page.getByText('asked whenever there is work')).toBeVisible();
  await open(page, '/activity');
  await expect(page.getByText('YouTube work is paused.')).toBeHidden();
});
