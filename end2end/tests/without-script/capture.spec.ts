import { expect, test } from '../../support/test';

test('without script the page of the bookmarklet says what it is and what to do instead', async ({ page }) => {
  await page.goto('/capture#abc');
  await expect(page.getByRole('heading', { name: 'Use your browser’s captions' })).toBeVisible();
  // This browser's script is only stopped, so that it does not show what is for browsers without.
  const source = await (await page.request.get('/capture')).text();
  expect(source).toMatch(/<noscript><p[^>]*>[^<]*this page needs JavaScript/);
  await expect(page.getByRole('button', { name: 'Save and summarise' })).toBeHidden();
});
