// Where things are on a summary's page, by role and name.

import { expect, type Page } from '@playwright/test';

/** "12:34, 12 minutes 34 seconds" */
export const TIME = /^\d+(:\d\d){1,2}, (the start|.*(hour|minute|second)s?)/;

export const title = (page: Page) => page.getByRole('heading', { level: 1 });
export const stages = (page: Page) => page.getByRole('list', { name: 'Stages' });
export const transcript = (page: Page) => page.getByRole('region', { name: 'Transcript' });
/** The times of the text; the transcript's come after them. */
export const times = (page: Page) => page.getByRole('article').getByRole('link', { name: TIME });
export const tally = (page: Page) => page.getByText(/(\d+ match|\d+ quotes? found).*covers \d+ %/);
export const provenance = (page: Page) => page.getByRole('article').locator('summary', { hasText: 'Details' }).first();
export const frame = (page: Page) => page.locator('iframe[title="Video"]');

/** The finished summary is there: the stages have gone, the tally has come. */
export async function expectDone(page: Page) {
  await expect(tally(page)).toBeVisible({ timeout: 30_000 });
  await expect(stages(page)).toBeHidden();
}
