import AxeBuilder from '@axe-core/playwright';
import { expect, open, summarise, test, videos } from '../support/test';
import { expectDone, provenance } from '../support/summary-page';

test('the settings say who can write, by which key, and what was spent today', async ({ page, copy }) => {
  await summarise(page, copy(videos.short).link);
  await expectDone(page);
  await open(page, '/settings/summaries');
  await expect(page.getByRole('heading', { name: 'Models', exact: true })).toBeVisible();
  for (const [name, key] of [
    ['Gemini', 'GOOGLE_API_KEY'],
    ['127.0.0.1', 'OPENAI_API_KEY'],
    ['Anthropic', 'ANTHROPIC_API_KEY'],
  ] as const) {
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await expect(page.getByText(`Set by ${key}`, { exact: true })).toBeVisible();
  }
  const tokens = page.getByRole('term').filter({ hasText: /^Tokens$/ }).locator('+ dd');
  expect(Number(await tokens.textContent())).toBeGreaterThan(100);
  await page.getByText(/^\d+ models$/).click();
  await expect(page.getByRole('row', { name: /fixture-good/ })).toContainText('128000 tokens');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('models are chosen by provider, and Claude writes', async ({ page, copy }) => {
  await open(page, '/');
  const groups = await page.locator('select[name=model] optgroup').evaluateAll((all) => all.map((group) => group.getAttribute('label')));
  expect(groups).toEqual(['Gemini', '127.0.0.1', 'Anthropic', 'built in']);
  await page.getByLabel('Paste YouTube links or a transcript').fill(copy(videos.short).link);
  await page.locator('details.options > summary').click();
  await page.getByLabel('Model').selectOption('claude-fixture');
  await page.getByRole('button', { name: 'Summarise' }).click();
  await expectDone(page);
  await expect(provenance(page)).toContainText('claude-fixture');
});
