import { expect, submit, test, videos } from '../support/test';

test('bad lines are named, the rest goes on, and they stay in the field @phone', async ({ page, copy }) => {
  const good = copy(videos.short);
  await submit(page, `htps:/youtube/oops\n${good.link}\nhttps://vimeo.com/12345`);
  const alert = page.getByRole('alert').filter({ hasText: 'accepted' });
  await expect(alert).toContainText('1 of 3 lines accepted');
  await expect(alert).toContainText('Line 1, “htps:/youtube/oops”, is not a YouTube link');
  await expect(alert).toContainText('Line 3');
  await expect(alert).toContainText('Both stay in the field');
  const field = page.getByLabel('Paste YouTube links or a transcript');
  await expect(field).toHaveValue('htps:/youtube/oops\nhttps://vimeo.com/12345');
  await alert.getByRole('link').click();
  await expect(page).toHaveURL(/\/summaries\//);
});

test('a link that has lost its end says so', async ({ page, trouble }) => {
  trouble.expect(/422/);
  await submit(page, 'https://www.youtube.com/watch?v=dQw4w9WgX');
  await expect(page.getByRole('alert').filter({ hasText: 'lost its end' })).toBeVisible();
});

test('nothing at all is not sent', async ({ page, trouble }) => {
  trouble.expect(/422/);
  await submit(page, '   ');
  await expect(page.getByLabel('Paste YouTube links or a transcript')).toBeVisible();
  await expect(page).not.toHaveURL(/\/summaries\//);
});

test('what is no language is refused by its name, with the way out', async ({ request, copy }) => {
  const ask = async (language: string) => {
    const response = await request.post('/api/v1/runs', { data: { input: copy(videos.short).link, language } });
    return { status: response.status(), detail: (await response.json()).detail };
  };
  expect(await ask('xx')).toEqual({ status: 422, detail: expect.stringMatching(/^xx is not the code of a language\. .*pt-BR/) });
  expect(await ask('German')).toEqual({ status: 422, detail: expect.stringContaining('Write de or leave it out') });
  expect((await ask('pl')).status).toBe(202);
});

test('several links become several runs', async ({ page, copy }) => {
  const [one, two] = [copy(videos.short), copy(videos.short)];
  await submit(page, `${one.link}\n${two.link}`);
  await page.waitForURL((url) => url.pathname !== '/');
  // What was asked for at once is one row, which opens.
  await page.locator('.batch summary').first().click();
  await expect(page.getByRole('link', { name: new RegExp(`${one.mark}|${one.id}`) }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(`${two.mark}|${two.id}`) }).first()).toBeVisible();
});
