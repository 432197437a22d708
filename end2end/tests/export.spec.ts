import { readFile } from 'node:fs/promises';
import { expect, make, open, test, videos } from '../support/test';

test('a summary and its transcript are saved under the title’s name', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const id = await make(request, video.link);
  await open(page, `/summaries/${id}`);
  await page.getByText('Export', { exact: true }).click();
  const save = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  };
  const markdown = await save('Summary as Markdown');
  expect(markdown.name).toMatch(new RegExp(`${video.mark}\\.md$`));
  expect(markdown.text).toMatch(/^---\ntitle: ".*"\nsource: "https:\/\/www\.youtube\.com\/watch\?v=/);
  expect(markdown.text).toContain(`](https://www.youtube.com/watch?v=${video.id}&t=`);
  const html = await save('Summary as HTML');
  expect(html.name).toMatch(/\.html$/);
  expect(html.text).toContain("default-src 'none'");
  const json = JSON.parse((await save('Summary as JSON')).text);
  expect(json.video.title).toContain(video.mark);
  expect(json.claims.length).toBeGreaterThan(2);
  const text = (await save('Summary as Text')).text.split('\n');
  expect(text[0]).toContain(video.mark);
  expect(text.slice(1, 4)).toEqual(['Lantern Works', `https://www.youtube.com/watch?v=${video.id}`, '']);
  expect(text.slice(4).join('\n')).not.toContain('http');
  expect((await save('Transcript as SRT')).text).toMatch(/^1\n00:00:0\d,\d{3} --> /);
  expect((await save('Transcript as WebVTT')).text).toMatch(/^WEBVTT\n/);
  expect((await save('Transcript as Text')).text).toContain(video.lastWords);
  expect(JSON.parse((await save('Transcript as JSON')).text).video_id).toBe(video.id);
});

test('copying takes the same text', async ({ page, request, context, copy }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await page.getByText('Export', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy the transcript as SRT' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied.' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^1\n00:00:0/);
});

test('what is copied says what was not found', async ({ page, request, context, copy }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const video = copy(videos.short);
  const id = await make(request, video.link, { model: 'fixture-liar' });
  await open(page, `/summaries/${id}`);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied.' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`](https://www.youtube.com/watch?v=${video.id}&t=`);
  const text = await (await request.get(`/api/v1/summaries/${id}/export?format=text`)).text();
  for (const written of [copied, text]) {
    expect(written).toContain('(not found in the transcript)');
    expect(written).toMatch(/\(differs: the summary says \d+/);
  }
});

test('what is copied and what is exported is the text that is shown', async ({ page, request, context, copy }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // Nothing that this model writes is found, so the page begins with sentences from the transcript.
  const id = await make(request, copy(videos.short).link, { model: 'fixture-stray' });
  await open(page, `/summaries/${id}`);
  const both = async () => {
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Copied.' })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const href = await page.getByRole('link', { name: 'Summary as Markdown', includeHidden: true }).getAttribute('href');
    const exported = await (await request.get(href!)).text();
    return { copied, exported: exported.split('\n---\n\n')[1] };
  };
  const extract = await both();
  expect(extract.copied).toBe(extract.exported);
  expect(extract.copied).not.toContain('not found in the transcript');
  await page.getByRole('navigation', { name: 'Versions' }).getByRole('link', { name: /fixture-stray/ }).click();
  const model = await both();
  expect(model.copied).toBe(model.exported);
  expect(model.copied).toContain('(not found in the transcript)');
});

test('a hostile title is a harmless file', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.hostile).link, { model: 'extractive' });
  const response = await request.get(`/api/v1/summaries/${id}/export?format=html`);
  const disposition = response.headers()['content-disposition'];
  expect(disposition).toMatch(/^attachment; filename="[^"\\/]*\.html"; filename\*=UTF-8''[\w.%~-]+\.html$/);
  const html = await response.text();
  expect(html).not.toContain('<script');
  await page.setContent(html);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('script');
  expect(await page.locator('script, img, iframe').count()).toBe(0);
  const markdown = await (await request.get(`/api/v1/summaries/${id}/export?format=markdown`)).text();
  expect(markdown.split('\n').filter((line) => line === '---')).toHaveLength(2);
  // The front matter quotes the title as it is.
  expect(markdown.split('\n---\n')[1]).not.toMatch(/[^\\]<script/);
});
