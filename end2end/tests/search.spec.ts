import AxeBuilder from '@axe-core/playwright';
import { expect, make, open, ready, test, videos } from '../support/test';
import { title } from '../support/summary-page';

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

test('where there is room, a hit is shown beside the title and the claims', async ({ page, request, copy }) => {
  const video = copy(videos.long);
  await make(request, video.link, { model: 'extractive' });
  await open(page, `/library?q=lighthouse+${video.mark}&video=${video.id}`);
  await page.getByRole('listitem').locator('a.time').last().click();
  await page.waitForURL(/#p\d+$/);
  await ready(page);
  await expect(page.locator('.passage:target')).toBeInViewport();
  await expect(title(page)).toBeInViewport();
  expect(await page.evaluate('scrollY')).toBe(0);
});

test('further passages of a video are a press away @phone', async ({ page, request, copy }) => {
  const video = copy(videos.long);
  await make(request, video.link, { model: 'extractive' });
  await open(page, `/library?q=lighthouse+${video.mark}`);
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(video.mark) }) });
  await expect(row.locator('a.time')).toHaveCount(3);
  const more = row.getByRole('link', { name: /^\d+ more passages$/ });
  const count = Number.parseInt(await more.innerText());
  await more.click();
  await expect(page).toHaveURL(new RegExp(`video=${video.id}`));
  await expect(row.locator('a.time')).toHaveCount(3 + count);
  await expect(page.getByText('more passages')).toHaveCount(0);
  await page.getByRole('link', { name: 'Search all videos' }).click();
  await expect(page).not.toHaveURL(/video=/);
  await expect(row.locator('a.time')).toHaveCount(3);
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
