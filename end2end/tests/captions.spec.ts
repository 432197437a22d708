import { expect, summarise, test, videos } from '../support/test';
import { expectDone, provenance } from '../support/summary-page';

test('the captions that were used are named, and others can be taken', async ({ page, copy }) => {
  await summarise(page, copy(videos.languages).link);
  await expectDone(page);
  await provenance(page).click();
  const form = page.getByRole('form', { name: 'Captions' });
  const used = await form.getByText(/^Text used: /).textContent();
  expect(used).not.toContain('automatic');
  await form.getByLabel('Other captions').selectOption({ label: 'English (automatic)' });
  const before = page.url();
  await form.getByRole('button', { name: 'Summarise from these' }).click();
  await expect(page).not.toHaveURL(before);
  await expectDone(page);
  await expect(provenance(page)).toContainText('captions, automatic');
  await provenance(page).click();
  await expect(page.getByText('Text used: English (automatic)')).toBeVisible();
});

test('where there are no captions, title and description are summarised for who asks, and called so', async ({ page, copy }) => {
  await summarise(page, copy(videos.noCaptions).link);
  const alert = page.getByRole('alert').filter({ hasText: /no captions/i });
  await alert.getByRole('button', { name: 'Summarise title, description and chapters instead' }).click();
  await expectDone(page);
  await expect(provenance(page)).toContainText('title, description and chapters only');
});
