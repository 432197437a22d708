import AxeBuilder from '@axe-core/playwright';
import { expect, make, open, test, videos } from '../support/test';
import { expectDone, provenance, tally, transcript } from '../support/summary-page';

test('a gap of the strip is summarised as a part of the video', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.automatic).link, { words: 60 });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  const gap = page.locator('.strip .gap').first();
  await gap.click();
  const offer = page.locator('.offer').getByRole('button', { name: /^Summarise \d+:\d\d–\d+:\d\d$/ });
  const words = (await offer.textContent()) ?? '';
  const [above, below] = [
    await offer.boundingBox(),
    await page.getByRole('heading', { name: 'Transcript' }).boundingBox(),
  ];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  await offer.click();
  await page.waitForURL((url) => url.pathname.startsWith('/summaries/') && !url.pathname.includes(id));
  await expectDone(page);
  const span = words.replace('Summarise ', '');
  await expect(page.getByText(`part ${span}`)).toBeVisible();
  const [from, to] = span.split('–').map((clock) => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  const texts = page.locator('.version:not([inert]) .time .clock');
  for (const clock of await texts.allTextContents()) {
    const second = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    expect(second).toBeGreaterThanOrEqual(from);
    expect(second).toBeLessThanOrEqual(to);
  }
  await page.getByRole('link', { name: 'Whole video' }).click();
  await expect(page).toHaveURL(new RegExp(`/summaries/${id}$`));
});

test('what the strip shows is what the line says', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.long).link, { model: 'extractive', words: 120 });
  await open(page, `/summaries/${id}`);
  const said = Number(/covers (\d+) %/.exec((await tally(page).textContent()) ?? '')?.[1]);
  const drawn = await page
    .locator('.strip .cited')
    .evaluateAll((bars) => bars.reduce((sum, bar) => sum + Number(bar.getAttribute('width')), 0) / 10);
  expect(Math.abs(said - drawn)).toBeLessThanOrEqual(3);
});

test('chapters and gaps are a list for those who do not see the strip @phone', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.automatic).link, { words: 60 });
  await open(page, `/summaries/${id}`);
  const chapters = page.getByRole('region', { name: 'Chapters' });
  expect(await chapters.getByRole('link').count()).toBeGreaterThanOrEqual(6);
  await chapters.getByText(/^Not in this summary/).click();
  await expect(chapters.getByRole('button', { name: /^Summarise \d/ }).first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('chapters that YouTube has found by itself are used, and it is said whose they are @phone', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.automaticChapters).link, { style: 'chapters' });
  await open(page, `/summaries/${id}`);
  await expectDone(page);
  const names = ['Low water on the shore', 'Heat, salt and rain', 'Who lives where', 'Counting for forty years'];
  const chapters = page.getByRole('region', { name: 'Chapters' });
  const written = page.locator('.version:not(.away)').getByRole('heading');
  // What the first chapter says stands above the first heading.
  await expect(written).toHaveText(names.slice(1).map((name) => new RegExp(`^${name}`)));
  for (const name of names) {
    await expect(chapters.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  }
  await expect(transcript(page).getByText('4 chapters, made by YouTube')).toBeVisible();
});

test('two versions stand side by side; one is pinned; one is deleted and taken back @phone', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const first = await make(request, video.link);
  const second = await make(request, video.link, { model: 'extractive', style: 'tldr' });
  await open(page, `/summaries/${second}`);
  await page.getByRole('link', { name: 'Compare 2 versions' }).click();
  await expect(page).toHaveURL(new RegExp(`/videos/${video.id}/versions`));
  const rows = page.getByRole('main').getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText('TL;DR');
  await expect(rows.nth(0)).toContainText(/\d{4}, \d+:\d\d UTC/);
  // A version is not compared with itself.
  await expect(rows.nth(0).getByRole('radio', { name: /^A: / })).toBeChecked();
  await expect(rows.nth(0).getByRole('radio', { name: /^B: / })).toBeHidden();
  await expect(rows.nth(1).getByRole('radio', { name: /^A: / })).toBeHidden();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Compare A with B' }).click();
  await expect(page).toHaveURL(new RegExp(`/compare\\?a=${second}&b=${first}`));
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(page.getByRole('article').nth(1)).toContainText('fixture-good');
  await expect(page.getByRole('article').nth(1).locator('a.time').first()).toHaveAttribute(
    'href',
    new RegExp(`^/summaries/${first}\\?t=\\d+#player$`),
  );
  await expect(page.locator('a.time[data-standing="found"] .mark').first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await open(page, `/compare?a=${first}&b=${first}`);
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByText('Choose two that differ')).toBeVisible();
  await page.getByRole('link', { name: 'All versions' }).click();
  await rows.nth(1).getByRole('button', { name: /^Pin/ }).click();
  await expect(rows.nth(1).getByText('Pinned')).toBeVisible();
  await page.goto(`/videos/${video.id}`);
  await expect(page).toHaveURL(new RegExp(`/summaries/${first}$`));

  await open(page, `/videos/${video.id}/versions`);
  await rows.nth(0).getByText('Delete', { exact: true }).click();
  await rows.nth(0).getByRole('button', { name: 'Delete this one' }).click();
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(2);
});

test('what asks before a version is deleted goes with it, and asks for no other one', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  for (const style of ['briefing', 'tldr', 'chapters']) {
    await make(request, video.link, { model: 'extractive', style });
  }
  await open(page, `/videos/${video.id}/versions`);
  const rows = page.getByRole('main').getByRole('listitem');
  await expect(rows).toHaveCount(3);
  const sure = page.getByRole('button', { name: 'Delete this one' });
  await rows.nth(1).getByText('Delete', { exact: true }).click();
  await sure.filter({ visible: true }).click();
  await expect(rows).toHaveCount(2);
  await expect(sure.filter({ visible: true })).toHaveCount(0);
  await expect(rows.nth(0)).toContainText('Chapters');
  await expect(rows.nth(1)).toContainText('Briefing');
});

test('a new version is written by another model', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link, { model: 'extractive', language: 'de' });
  await open(page, `/summaries/${id}`);
  await page.getByText('Rewrite', { exact: true }).click();
  const form = page.locator('details.rewrite');
  await expect(form.getByLabel('Model')).toHaveValue('extractive');
  await expect(form.locator('select[name=language]')).toHaveValue('de');
  await form.getByLabel('Model').selectOption('fixture-other-language');
  await form.getByRole('button', { name: 'Write a new version' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/summaries/') && !url.pathname.includes(id));
  await expectDone(page);
  await expect(provenance(page)).toContainText('fixture-other-language');
});

test('tags are put on, lead to their library, and are taken off', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const id = await make(request, video.link);
  const tag = `Kettle ${video.mark}`;
  await open(page, `/summaries/${id}`);
  await page.getByLabel('A tag for this summary').fill(`  ${tag} `);
  await page.getByRole('button', { name: 'Add tag' }).click();
  const tags = page.getByRole('region', { name: 'Tags' });
  await tags.getByRole('link', { name: tag.toLowerCase() }).click();
  await expect(page).toHaveURL(/\/library\?tag=/);
  await expect(page.getByText('1 summary')).toBeVisible();
  await expect(page.getByRole('heading', { level: 3, name: new RegExp(video.mark) })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await open(page, `/summaries/${id}`);
  await page.getByRole('button', { name: `Take the tag ${tag.toLowerCase()} off` }).click();
  await expect(tags.getByRole('link')).toHaveCount(0);
});

test('several summaries are deleted at once and taken back', async ({ page, request, copy }) => {
  const one = copy(videos.short);
  const two = copy(videos.short);
  await make(request, one.link);
  await make(request, two.link);
  await open(page, '/library');
  await page.getByRole('link', { name: 'Select several' }).click();
  await page.getByRole('checkbox', { name: new RegExp(one.mark) }).check();
  await page.getByRole('checkbox', { name: new RegExp(two.mark) }).check();
  await page.getByRole('button', { name: 'Delete those that are ticked' }).click();
  await expect(page.getByText('2 summaries were deleted.')).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(one.mark) })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: new RegExp(one.mark) })).toHaveCount(1);
  await expect(page.getByRole('link', { name: new RegExp(two.mark) })).toHaveCount(1);
});

test('the library is put in another order', async ({ page, request, copy }) => {
  await make(request, copy(videos.short).link);
  await make(request, copy(videos.languages).link);
  await open(page, '/library');
  await page.getByRole('link', { name: 'By title' }).click();
  await expect(page).toHaveURL(/sort=title/);
  const titles = page.getByRole('main').getByRole('heading', { level: 3 });
  // The address changes before the page does.
  await expect(async () => {
    const shown = (await titles.allTextContents()).map((title) => title.toLowerCase());
    expect(shown.length).toBeGreaterThan(1);
    expect(shown).toEqual([...shown].sort());
  }).toPass();
});

test('what was typed before there was script is understood at once', async ({ page }) => {
  await page.route(/\.wasm/, async (route) => {
    await page.getByLabel('Paste YouTube links or a transcript').fill('https://example.com/');
    await route.continue();
  });
  await page.goto('/');
  await expect(page.getByText(/not a YouTube link/)).toBeVisible();
});

test('operators of a search are chips that can be taken out', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  await make(request, video.link);
  await open(page, `/library?q=${encodeURIComponent(`kettle ${video.mark} -zyzzyva`)}`);
  const chips = page.getByRole('group', { name: 'What is searched for' });
  await expect(chips.getByRole('link')).toHaveText([/^kettle ×$/, new RegExp(video.mark), /^without zyzzyva ×$/]);
  await chips.getByRole('link', { name: 'Take out kettle' }).click();
  await expect(page).toHaveURL(new RegExp(`q=${video.mark}`, 'i'));
  await expect(chips.getByRole('link')).toHaveCount(2);
});

