import { expect, make, open, start, test, until, videos } from '../support/test';

test('a summary can be deleted and taken back @phone', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  await make(request, video.link);
  await open(page, '/library');
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(video.mark) }) });
  await expect(row).toHaveCount(1);
  await row.getByText('Delete', { exact: true }).click();
  await row.getByRole('button', { name: 'Delete this one' }).click();
  await expect(row).toHaveCount(0);
  const toast = page.getByRole('status').filter({ hasText: 'Deleted' });
  await expect(toast).toContainText(video.mark);
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toHaveCount(1);
});

test('deleting from the summary’s page leads to the library, with Undo', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const id = await make(request, video.link);
  await open(page, `/summaries/${id}`);
  await page.getByText('Delete', { exact: true }).click();
  await page.getByRole('button', { name: 'Delete the summary' }).click();
  await page.waitForURL(/\/library/);
  await expect(page.getByRole('link', { name: new RegExp(video.mark) })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: new RegExp(video.mark) })).toHaveCount(1);
});

test('the address of a deleted summary says so, and Activity takes it back later', async ({ page, request, copy, trouble }) => {
  trouble.expect(/410/);
  const video = copy(videos.short);
  const id = await make(request, video.link);
  await request.delete(`/api/v1/summaries/${id}`);
  const answer = await page.goto(`/summaries/${id}`);
  expect(answer?.status()).toBe(410);
  await open(page, `/summaries/${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This summary was deleted');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(video.mark);
  await request.delete(`/api/v1/summaries/${id}`);
  await open(page, '/activity');
  const row = page.getByRole('listitem').filter({ hasText: video.mark }).filter({ hasText: 'Summary' });
  await row.getByRole('button', { name: /^Undo/ }).click();
  await expect(row).toHaveCount(0);
  await open(page, `/summaries/${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(video.mark);
});

test('home shows the newest and leads to the whole library', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  await make(request, video.link);
  await open(page, '/');
  await expect(page.getByRole('heading', { name: 'Newest' })).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(video.mark) })).toBeVisible();
  await page.getByRole('link', { name: 'Whole library' }).click();
  await expect(page).toHaveURL(/\/library$/);
  await page.getByRole('link', { name: new RegExp(video.mark) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(video.mark);
});

test('versions of one video are told apart by style and language', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  await make(request, video.link);
  await make(request, video.link, { style: 'tldr', language: 'de' });
  await open(page, '/library');
  const rows = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(video.mark) }) });
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText(/TL;DR.*German/);
  await expect(rows.nth(1)).not.toContainText(/TL;DR|German/);
});

test('the library has pages', async ({ page, request }) => {
  const ids = [];
  for (let n = 0; n < 26; n += 1) {
    const text = `0:00 Number ${n} of the short notes tells of a lamp that was lit ${n + 3} times.\n0:12 The keeper wrote it down on day ${n} of the year ${Date.now()}.\n0:24 Nobody read it until the house was sold.`;
    ids.push(await start(request, text, { model: 'extractive', title: `Short note ${n}` }));
  }
  for (const id of ids) {
    await until(request, id, 'done');
  }
  await open(page, '/library');
  const notes = page.getByRole('main').getByRole('heading', { level: 3 });
  const first = await notes.allTextContents();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.getByText(/^Page 2 of/)).toBeVisible();
  const second = await notes.allTextContents();
  expect(first.filter((name) => second.includes(name) && name.startsWith('Short note'))).toEqual([]);
  await page.getByRole('link', { name: 'Newer' }).click();
  await expect(page.getByText(/^Page 1 of/)).toBeVisible();
});
