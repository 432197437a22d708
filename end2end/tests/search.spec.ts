import AxeBuilder from '@axe-core/playwright';
import { expect, make, open, test, videos } from '../support/test';

test('what was said is found, and leads to its second @phone', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const id = await make(request, video.link);
  await open(page, '/library');
  await page.getByRole('searchbox', { name: 'Search the library' }).filter({ visible: true }).fill(`kettle ${video.mark}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/library\?q=kettle/);
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(video.mark) }) });
  await expect(row).toHaveCount(1);
  await expect(row.locator('mark').first()).toHaveText(/kettle/i);
  const time = row.locator('a.time').last();
  await expect(time).toHaveText(/^\d+:\d\d$/);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await time.click();
  await expect(page).toHaveURL(new RegExp(`/summaries/${id}\\?t=\\d+#p\\d+`));
  await expect(page.getByRole('link', { name: /^Play from/ })).toBeVisible();
  await expect(page.locator('.passage:target')).toBeInViewport();
});

test('/ leads to the field, and what is nowhere is said to be nowhere', async ({ page }) => {
  await open(page, '/activity');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search the library' })).toBeFocused();
  await page.keyboard.type('zyzzyva <b>');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing found for “zyzzyva <b>”. Try fewer words.')).toBeVisible();
  await page.getByRole('link', { name: 'Whole library' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Library' })).toBeVisible();
});

test('words that are too common are said to be', async ({ page }) => {
  await open(page, '/library?q=the+of');
  await expect(page.getByText('“the of” is too common to be searched for in English.')).toBeVisible();
});
