// Settings that are changed in the app: kept, named where they are wrong, locked where the environment has them.

import AxeBuilder from '@axe-core/playwright';
import { changeTheLogin, test as own } from '../support/own-house';
import { expect, open, test } from '../support/test';

test('a setting is kept, and a wrong one is named beside its field @phone @dark', async ({ page, trouble }) => {
  trouble.expect(/422/);
  await open(page, '/settings/summaries');
  const limit = page.getByLabel('Tokens a day');
  await limit.fill('many');
  await page.getByLabel('Model that compares').fill('fixture-good');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toHaveText('Not saved. What is wrong stands below the field.');
  await expect(limit).toHaveAccessibleDescription(/Tokens a day can’t be “many”\. Give a whole number/);
  await expect(limit).toHaveValue('many');
  await expect(page.getByLabel('Model that compares')).toHaveValue('fixture-good');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  await limit.fill('900000000');
  await page.getByLabel('Model that compares').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('of 900000000')).toBeVisible();
  await limit.fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('of 900000000')).toBeHidden();

  // What the environment has is shown and can't be changed.
  await expect(page.getByLabel('Google’s key', { exact: true })).toBeDisabled();
  await expect(page.getByText('Set by GOOGLE_API_KEY.')).toBeVisible();
});

test('the theme of who has chosen none is the owner’s, and one’s own goes before it', async ({ page }) => {
  const theme = page.locator('html');
  const forEverybody = async (choice: string) => {
    await open(page, '/settings/appearance');
    await page.getByLabel('Theme where nobody has chosen').selectOption(choice);
    await page.locator('form', { has: page.getByLabel('Theme where nobody has chosen') }).getByRole('button', { name: 'Save' }).click();
    await expect(page.getByLabel('Theme where nobody has chosen')).toHaveValue(choice);
  };
  await forEverybody('dark');
  await open(page, '/library');
  await expect(theme).toHaveAttribute('data-theme', 'dark');
  await open(page, '/settings/appearance');
  await page.getByLabel('Light', { exact: true }).check();
  await page.locator('form', { has: page.getByLabel('Light', { exact: true }) }).getByRole('button', { name: 'Save' }).click();
  await open(page, '/library');
  await expect(theme).toHaveAttribute('data-theme', 'light');
  await forEverybody('');
});

own('a login is switched on, changed and switched off', async ({ page, trouble }) => {
  trouble.expect(/401|422/);
  await changeTheLogin(page);
});
