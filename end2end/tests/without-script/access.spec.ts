import { enter, expect, field, signIn, test } from '../../support/locked';

test('signing in, a token, and signing out need no script', async ({ page, trouble }) => {
  trouble.expect(/401/);
  await page.goto('/settings/access');
  await expect(page.getByRole('button', { name: 'Show' })).toBeHidden();
  await enter(page, 'not the code');
  await expect(page.getByText('4 attempts remain.')).toBeVisible();
  await signIn(page);
  await page.getByLabel('Name').fill('cron');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByRole('status').locator('code')).toHaveText(/^yts_/);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(field(page)).toBeVisible();
  await page.goto('/library');
  await expect(page).toHaveURL(/\/login\?next=%2Flibrary$/);
});
