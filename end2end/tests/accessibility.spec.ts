import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, make, open, summarise, test, videos } from '../support/test';
import { expectDone, stages } from '../support/summary-page';

async function expectNoFindings(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
  );
  expect(findings).toEqual([]);
}

test.describe('axe finds nothing on', { tag: ['@phone', '@dark'] }, () => {
  for (const path of ['/', '/library', '/activity', '/settings/appearance']) {
    test(path, async ({ page, request, copy }) => {
      await make(request, copy(videos.short).link);
      await open(page, path);
      await expectNoFindings(page);
    });
  }

  test('a finished summary with all verdicts', async ({ page, request, copy }) => {
    const id = await make(request, copy(videos.short).link, { model: 'fixture-liar' });
    await open(page, `/summaries/${id}`);
    await expectDone(page);
    await expectNoFindings(page);
  });

  test('a running summary', async ({ page, upstream, copy }) => {
    const video = copy(videos.short);
    await upstream.fault('/v1/chat/completions', 'hold', { bodyContains: video.lastWords, times: 1 });
    await summarise(page, video.link);
    await expect(stages(page).getByText('Writing')).toBeAttached();
    await expectNoFindings(page);
  });

  test('a failed run', async ({ page, copy }) => {
    await summarise(page, copy(videos.private).link);
    await expect(page.getByRole('alert').filter({ hasText: /private/i })).toBeVisible();
    await expectNoFindings(page);
  });

  test('a submission that was not accepted whole', async ({ page, trouble }) => {
    trouble.expect(/422/);
    await open(page, '/');
    await page.getByLabel('Paste YouTube links or a transcript').fill('https://example.com/1\nhttps://example.com/2');
    await page.getByRole('button', { name: 'Summarise' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'accepted' })).toBeVisible();
    await expectNoFindings(page);
  });

  test('an address that leads nowhere', async ({ page, trouble }) => {
    trouble.expect(/404/);
    await open(page, '/nothing-here');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectNoFindings(page);
  });
});
