import type { Page } from '@playwright/test';
import { expect, make, open, summarise, test, videos } from '../support/test';
import { expectDone } from '../support/summary-page';

test.use({ viewport: { width: 320, height: 700 } });

async function expectNoSideways(page: Page) {
  const [content, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(room ?? 0);
}

for (const path of ['/', '/library', '/activity', '/settings/appearance']) {
  test(`${path} fits into 320 px`, async ({ page, request, copy }) => {
    for (const video of [videos.longTitle, videos.hostile, videos.arabic]) {
      await make(request, copy(video).link);
    }
    await open(page, path);
    await expectNoSideways(page);
  });
}

for (const video of [videos.longTitle, videos.arabic, videos.hostile]) {
  test(`the summary of ${video} fits into 320 px`, async ({ page, request, copy }) => {
    const id = await make(request, copy(video).link, { model: 'fixture-liar' });
    await open(page, `/summaries/${id}`);
    await expectDone(page);
    await expectNoSideways(page);
  });
}

test('a model that is a file with a long name fits into 320 px', async ({ page, request, copy }) => {
  const shown = 'fixture_with_a_name_as_long_as_those_of_files_Q4_K_M';
  const model = `/models/gguf/${shown}.gguf`;
  const video = copy(videos.short);
  const id = await make(request, video.link, { model });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  await expect(page.getByRole('navigation', { name: 'Versions' }).getByRole('link', { name: shown })).toHaveAttribute('title', model);
  await expectNoSideways(page);
  await open(page, '/');
  await page.locator('details.options > summary').click();
  await page.getByLabel('Model').selectOption(shown);
  await expectNoSideways(page);
  for (const path of ['/library', '/activity', `/videos/${video.id}/versions`, '/ask', '/settings/summaries']) {
    await open(page, path);
    await expectNoSideways(page);
  }
});

test('what the buttons below a summary open fits into 320 px, and leaves them where they are', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  const buttons = page.locator('.actions > .button, .actions > details > summary');
  const places = () => buttons.evaluateAll((all) => all.map((one) => [one.offsetLeft, one.offsetTop]));
  const before = await places();
  for (const name of ['Export', 'Rewrite', 'Delete']) {
    await page.locator('.actions summary', { hasText: name }).click();
    await expect(page.locator('.actions details[open]')).toHaveCount(1);
    expect(await places()).toEqual(before);
    await expectNoSideways(page);
  }
});

test('a word without an end fits into every width', async ({ page, request }, info) => {
  const address = `https://example.org/${'lantern-and-ladder-'.repeat(12)}${info.project.name}-${Date.now()}`;
  const lines = ['The lantern', 'The ladder', 'The wick', 'The oil', 'The glass', 'The hook'].map(
    (what, n) => `0:${n}0 ${what} of the house is told of at ${address} and nowhere else in ${1600 + n}.`,
  );
  const id = await make(request, lines.join('\n'), { model: 'extractive' });
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await open(page, `/summaries/${id}`);
    await expectDone(page);
    await expect(page.locator('.version li', { hasText: 'https://example.org' }).first()).toBeVisible();
    await expectNoSideways(page);
  }
});

test('a failure fits into 320 px', async ({ page, copy }) => {
  await summarise(page, copy(videos.blocked).link);
  await expect(page.getByRole('alert').filter({ hasText: 'takes this server for a bot' })).toBeVisible({ timeout: 30_000 });
  await expectNoSideways(page);
});
