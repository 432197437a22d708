import AxeBuilder from '@axe-core/playwright';
import { expect, open, summarise, test, videos } from '../support/test';

/** What YouTube answers to a client that it takes for a bot. */
const bot = { status: 200, body: { playabilityStatus: { status: 'LOGIN_REQUIRED', reason: 'Sign in to confirm you’re not a bot' } } };

test('refusals pause YouTube work, said wherever one would wonder, until a test shows that it answers', async ({ page, upstream, copy }) => {
  await upstream.fault('/youtubei/v1/player', bot);
  for (let refusal = 0; refusal < 3; refusal += 1) {
    await summarise(page, copy(videos.short).link);
    await expect(page.getByRole('alert')).toContainText('takes this server for a bot');
  }
  await open(page, '/');
  await expect(page.getByRole('status').filter({ hasText: 'YouTube work is paused.' })).toBeVisible();
  await summarise(page, copy(videos.short).link);
  await expect(page.getByRole('alert')).toContainText('so it is left alone for a while');
  await open(page, '/activity');
  // These four, and what other tests left waiting.
  await expect(page.getByText(/\d+ videos wait; nothing is lost\./)).toBeVisible();

  // Other tests' videos that are refused for ever would be tried again as well, and pause it again.
  const refused = page.getByRole('button', { name: /^Cancel .*BotChe/ });
  for (let left = await refused.count(); left > 0; left -= 1) {
    await refused.first().click();
    await expect(refused).toHaveCount(left - 1);
  }
  await page.getByRole('link', { name: 'YouTube settings' }).click();
  await expect(page.getByRole('heading', { name: 'YouTube', exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /ANDROID/ })).toContainText('request_blocked');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await upstream.clear();
  await page.getByRole('button', { name: 'Test now' }).click();
  await expect(page.getByText('asked whenever there is work')).toBeVisible();
  await open(page, '/activity');
  await expect(page.getByText('YouTube work is paused.')).toBeHidden();
});
