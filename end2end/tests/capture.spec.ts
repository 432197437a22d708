// The bookmarklet, really executed on a page that stands at YouTube's address, and the page that it opens.

import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { deflateRawSync } from 'node:zlib';
import { expect, submit, summarise, test, videos } from '../support/test';
import { expectDone } from '../support/summary-page';
import { upstreamUrl } from '../support/servers';

/** Puts the fixture upstream in YouTube's place, for browsers alone. */
async function standIn(context: BrowserContext) {
  await context.route('https://www.youtube.com/**', async (route) => {
    const url = new URL(route.request().url());
    const path = url.pathname === '/watch' ? '/_page/watch' : url.pathname;
    await route.fulfill({ response: await route.fetch({ url: upstreamUrl + path + url.search }) });
  });
}

/** Opens /capture and waits until its script has done its work. */
async function openCapture(page: Page, fragment = '') {
  await page.goto(`/capture${fragment}`);
  await page.locator('html[data-capture-ready]').waitFor({ state: 'attached' });
}

/** Presses the bookmarklet on a video's page; what it opens. */
async function press(page: Page, context: BrowserContext, video: string) {
  await openCapture(page);
  const code = await page.locator('#bookmarklet').getAttribute('href');
  await page.goto(`https://www.youtube.com/watch?v=${video}`);
  // A bookmark can't be pressed by a test; a link with the same address is.
  await page.evaluate((href) => {
    const link = document.createElement('a');
    link.href = href;
    link.textContent = 'the bookmark';
    document.body.prepend(link);
  }, code ?? '');
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'the bookmark' }).click();
  const tab = await opened;
  await tab.locator('html[data-capture-ready]').waitFor({ state: 'attached' });
  return tab;
}

const pack = (value: unknown) => deflateRawSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const written = (more: object = {}) => ({
  v: 1,
  id: 'dQw4w9WgXcQ',
  title: 'A talk',
  channel: 'Somebody',
  seconds: 60,
  language: 'en',
  track: 'English',
  automatic: false,
  cues: [
    [0, 4000, 'The old bridge was built in 1874 by two brothers.'],
    [4000, 5000, 'They carried every stone across the river in a boat.'],
    [9000, 6000, 'In the first winter the ice took the middle arch away.'],
  ],
  ...more,
});

test('a blocked server gets the captions from the person’s own browser', async ({ page, context, copy }) => {
  await standIn(context);
  const video = copy(videos.blocked);
  await summarise(page, video.link);
  const alert = page.getByRole('alert').filter({ hasText: 'takes this server for a bot' });
  await expect(alert).toBeVisible({ timeout: 30_000 });
  const waiting = page.url();
  await alert.getByRole('link', { name: 'Use my browser’s captions' }).click();
  await expect(page.getByRole('heading', { name: 'Use your browser’s captions' })).toBeVisible();

  const tab = await press(page, context, video.id);
  await expect(tab.getByRole('heading', { level: 2 })).toHaveText(`A Film That Is Refused · ${video.mark}`);
  await expect(tab.locator('#captured-facts')).toContainText('English automatic captions');
  await expect(tab.locator('#captured-facts')).toContainText('5:00');
  expect(await tab.locator('#captured-cues li').count()).toBeGreaterThan(3);
  expect((await new AxeBuilder({ page: tab }).analyze()).violations).toEqual([]);
  await tab.getByRole('button', { name: 'Save and summarise' }).click();
  // The request that waited is the one that goes on.
  await tab.waitForURL(waiting);
  await expectDone(tab);
  await expect(tab.getByText('captions, from your browser').first()).toBeVisible();
});

test('the token of YouTube’s own player is used where captions are withheld', async ({ page, context, copy, upstream }) => {
  await standIn(context);
  const video = copy('PoTokenXpe0');
  const tab = await press(page, context, video.id);
  await expect(tab.locator('#captured-facts')).toContainText('English captions');
  const asked = await upstream.asked('/api/timedtext');
  expect(asked.filter((one) => one.query.includes(video.id) && one.query.includes('pot=fixture-token')).length).toBeGreaterThan(1);
});

test('the transcript beside the video is read where its file stays empty', async ({ page, context, copy }) => {
  await standIn(context);
  const video = copy('EmptyBody00');
  const tab = await press(page, context, video.id);
  await expect(tab.getByRole('heading', { level: 2 })).toHaveText(`The Ferry Without an Engine · ${video.mark}`);
  await expect(tab.locator('#captured-cues li').first()).toContainText(/0:0\d/);
});

test('chapters come along, and the choices are summed up', async ({ page, context, copy }) => {
  await standIn(context);
  const video = copy(videos.automatic);
  const tab = await press(page, context, video.id);
  await tab.locator('#preview .options summary').click();
  await tab.getByLabel('Length').selectOption('short');
  await expect(tab.locator('#preview .options summary')).toContainText('short');
  await tab.getByRole('button', { name: 'Save and summarise' }).click();
  await tab.waitForURL(/\/summaries\//);
  await expectDone(tab);
  await expect(tab.getByText('0:52–1:40').or(tab.getByRole('heading', { level: 3 })).first()).toBeVisible();
});

test('a video without captions says so', async ({ page, context }) => {
  await standIn(context);
  await openCapture(page);
  const code = await page.locator('#bookmarklet').getAttribute('href');
  for (const [address, says] of [
    [`https://www.youtube.com/watch?v=${videos.noCaptions}`, /has no captions/],
    ['/', /open a video on YouTube first/],
  ] as const) {
    await page.goto(address);
    const dialog = page.waitForEvent('dialog');
    // Our own pages forbid such links, as they should; there it is run as a bookmark would be.
    void page.evaluate(decodeURIComponent((code ?? '').replace('javascript:', ''))).catch(() => {});
    const said = await dialog;
    expect(said.message()).toMatch(says);
    await said.dismiss();
  }
});

const hostile: [string, string][] = [
  ['garbage', 'abc'],
  ['no packing at all', '<script>alert(1)</script>'],
  ['packed garbage', pack('{"v":1,')],
  ['another file', pack({ v: 1, hello: 'there' })],
  ['a wrong id', pack(written({ id: '../../../etc' }))],
  ['cues that are none', pack(written({ cues: [[0, 1], 'x', null] }))],
  ['no cues', pack(written({ cues: [] }))],
  ['a bomb', pack(' '.repeat(64 * 1024 * 1024))],
];

for (const [name, fragment] of hostile) {
  test(`an address with ${name} is refused in words`, async ({ page }) => {
    await openCapture(page, `#${fragment}`);
    await expect(page.getByRole('alert').filter({ hasText: 'These captions can’t be used.' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save and summarise' })).toBeHidden();
  });
}

test('script in a title is text, before and after it is saved', async ({ page }) => {
  const title = '<img src=x onerror=alert(1)>"\'</textarea><script>alert(2)</script>';
  page.on('dialog', () => {
    throw new Error('a script ran');
  });
  const file = written({ id: 'aaaaaaaaaaA', title, channel: title, cues: [[0, 5000, `${title} was built by two brothers.`]] });
  await openCapture(page, `#${pack(file)}`);
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(title);
  await page.getByRole('button', { name: 'Save and summarise' }).click();
  await page.waitForURL(/\/summaries\//);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<script>alert(2)');
});

test('what the page lets through and the server does not is refused with a reason', async ({ page, trouble }) => {
  trouble.expect(/422/);
  await openCapture(page, `#${pack(written({ chapters: 'none' }))}`);
  await page.getByRole('button', { name: 'Save and summarise' }).click();
  await expect(page.getByRole('alert')).toContainText('not what the bookmarklet writes');
});

test('pressed on its own page the button says what to do; a fault’s paste button brings the title @phone', async ({ page, copy }) => {
  await openCapture(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('link', { name: 'Summarise this video' }).click();
  await expect(page.getByText('pressed here it does nothing')).toBeVisible();
  await expect(page).toHaveURL(/\/capture$/);

  await submit(page, copy(videos.noCaptions).link);
  const paste = page.getByRole('link', { name: 'Paste the transcript' });
  await expect(paste).toBeVisible({ timeout: 30_000 });
  const title = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
  await paste.click();
  const field = page.getByLabel('Paste YouTube links or a transcript');
  await expect(field).toBeFocused();
  await field.fill('0:00 The old bridge was built by two brothers.\n0:05 The ice took the middle arch away in the winter.');
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.waitForURL(/\/summaries\//);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
});
