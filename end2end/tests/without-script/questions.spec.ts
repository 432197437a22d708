import { expect, make, test, videos } from '../../support/test';

test('a question is asked and answered without script', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await page.goto(`/summaries/${id}`);
  await page.getByLabel('Ask this video').fill('What about the kettle and its water?');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const answer = page.locator('.conversation > li').first();
  // The page asks again by itself, and stays where the question is.
  await expect(answer).toContainText(/\d+ match(es)?.* · fixture-good/, { timeout: 30_000 });
  await expect(answer).toBeInViewport();
  await answer.getByRole('button', { name: 'Delete' }).click();
  await expect(page.locator('.conversation > li')).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/summaries/${id}\\?deleted=`));
  await expect(page.getByText('The question was deleted.')).toBeInViewport();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(answer).toContainText('fixture-good');
  await expect(page).toHaveURL(new RegExp(`/summaries/${id}#q-`));
});
