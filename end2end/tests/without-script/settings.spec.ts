import { changeTheLogin, expect, test } from '../../support/own-house';

test('the login and other settings are changed without script', async ({ page, trouble }) => {
  trouble.expect(/401|422/);
  await changeTheLogin(page);
  await page.goto('/settings/summaries');
  await page.getByLabel('Tokens a day').fill('many');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Tokens a day can’t be “many”. Give a whole number')).toBeVisible();
  await page.getByLabel('Tokens a day').fill('5000');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('of 5000')).toBeVisible();
});
