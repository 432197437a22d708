import { expect, make, open, summarise, test, videos } from '../support/test';
import { expectDone, title, transcript } from '../support/summary-page';

test('a title, a channel and captions full of markup are text', async ({ page, copy }) => {
  await summarise(page, copy(videos.hostile).link);
  await expectDone(page);
  await expect(title(page)).toContainText(`<script>document.title='owned'</script> & "other" text that isn't code`);
  await expect(page.getByText("<b>Safe</b> Hands & 'Sons'").first()).toBeVisible();
  await expect(transcript(page)).toContainText('<script>document.title = "owned"</script>');
  await expect(transcript(page)).toContainText('<img src=x onerror=');
  await expect(page).not.toHaveTitle('owned');
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  await expect(page.locator('a[href^="javascript:"]')).toHaveCount(0);

  for (const path of ['/', '/library', '/activity']) {
    await open(page, path);
    await expect(page.getByText(`<script>document.title='owned'</script>`).first()).toBeVisible();
    await expect(page).not.toHaveTitle('owned');
  }
});

test('what was typed comes back as text', async ({ page, trouble }) => {
  trouble.expect(/422/);
  await open(page, '/');
  const typed = 'https://example.com/</textarea><script>document.title="owned"</script>\nhttps://example.com/"\'&lt;';
  await page.getByLabel('Paste YouTube links or a transcript').fill(typed);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'accepted' })).toContainText('</textarea>');
  await expect(page.getByLabel('Paste YouTube links or a transcript')).toHaveValue(typed);
  await expect(page).not.toHaveTitle('owned');
});

test('Arabic runs from right to left, Japanese is cited too', async ({ page, request, copy }) => {
  const arabic = await make(request, copy(videos.arabic).link);
  await open(page, `/summaries/${arabic}`);
  const direction = await title(page).evaluate((node) => getComputedStyle(node).direction);
  expect(direction).toBe('rtl');
  const japanese = await make(request, copy(videos.japanese).link);
  await open(page, `/summaries/${japanese}`);
  await expectDone(page);
  await expect(title(page)).toContainText('一枚の紙で箱を折る');
});
