import { expect, make, test, videos } from '../../support/test';
import { expectDone } from '../../support/summary-page';

test('a gap is summarised from the list', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.automatic).link, { words: 60 });
  await page.goto(`/summaries/${id}`);
  await page.getByText(/^Not in this summary/).click();
  await page.getByRole('button', { name: /^Summarise \d/ }).first().click();
  await page.waitForURL((url) => url.pathname.startsWith('/summaries/') && !url.pathname.includes(id));
  await expectDone(page);
  await expect(page.getByText(/^part \d+:\d\d–\d+:\d\d/)).toBeVisible();
});

test('versions are compared, pinned and deleted', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const first = await make(request, video.link);
  await make(request, video.link, { model: 'extractive' });
  await page.goto(`/videos/${video.id}/versions`);
  const rows = page.getByRole('main').getByRole('listitem');
  await rows.nth(1).getByRole('button', { name: /^Pin/ }).click();
  await expect(rows.nth(1).getByText('Pinned')).toBeVisible();
  await page.getByRole('button', { name: 'Compare A with B' }).click();
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.goto(`/videos/${video.id}`);
  await expect(page).toHaveURL(new RegExp(`/summaries/${first}$`));
});

test('a tag is put on and taken off; files are links', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const id = await make(request, video.link);
  await page.goto(`/summaries/${id}`);
  await page.getByLabel('A tag for this summary').fill(`plain ${video.mark}`);
  await page.getByRole('button', { name: 'Add tag' }).click();
  const tags = page.getByRole('region', { name: 'Tags' });
  await expect(tags.getByRole('link')).toHaveCount(1);
  await tags.getByRole('button', { name: /^Take the tag/ }).click();
  await expect(tags.getByRole('link')).toHaveCount(0);
  await page.getByText('Export', { exact: true }).click();
  const href = await page.getByRole('link', { name: 'Summary as Text' }).getAttribute('href');
  expect((await request.get(href ?? '')).status()).toBe(200);
});
