import { expect, test } from '../../support/test';

test('without script the page of the bookmarklet says what it is and what to do instead', async ({ page }) => {
  await page.goto('/capture#abc');
  await expect(page.getByRole('heading', { name: 'Use your browser’s captions' })).toBeVisible();
  await expect(page.getByText('this page needs JavaScript')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save and summarise' })).toBeHidden();
});
