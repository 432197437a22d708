import { expect, make, open, test, videos } from '../support/test';
import { frame, times } from '../support/summary-page';

test('j and k walk the claims, Enter plays there, p pauses', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await page.keyboard.press('j');
  await expect(times(page).first()).toBeFocused();
  await page.keyboard.press('j');
  await expect(times(page).first()).not.toBeFocused();
  await page.keyboard.press('k');
  await expect(times(page).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(frame(page)).toBeVisible();
  await expect(times(page).first()).toBeFocused();
  await page.keyboard.press('p');
  await expect
    .poll(() => page.frames().find((one) => one.url().includes('nocookie'))?.evaluate('JSON.stringify(window.heard)'))
    .toContain('pauseVideo');
});

test('what is asked of the player while it loads reaches it', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  let load = () => {};
  const held = new Promise<void>((resolve) => (load = resolve));
  await page.route('https://www.youtube-nocookie.com/**', async (route) => {
    await held;
    await route.fallback();
  });
  await open(page, `/summaries/${id}`);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(frame(page)).toBeVisible();
  await page.keyboard.press('p');
  load();
  await expect
    .poll(() => page.frames().find((one) => one.url().includes('nocookie'))?.evaluate('JSON.stringify(window.heard)'))
    .toContain('pauseVideo');
});

test('? shows the keys, Esc closes, n begins anew, g l goes to the library', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page).toHaveURL(/\/library$/);
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/$/);
});

test('/ searches, and keys are letters inside a field', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await page.keyboard.press('/');
  const find = page.getByRole('searchbox', { name: 'Find in the transcript' });
  await expect(find).toBeFocused();
  await page.keyboard.type('Joseph n');
  await expect(find).toHaveValue('Joseph n');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await expect(page.getByText('1 passage', { exact: true })).toBeVisible();
});

test('Esc clears a search, leaves a field, closes what is open', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await page.keyboard.press('/');
  const find = page.getByRole('searchbox', { name: 'Find in the transcript' });
  await page.keyboard.type('Joseph');
  await expect(page.getByText('1 passage', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(find).toHaveValue('');
  await expect(page.getByText('1 passage', { exact: true })).toBeHidden();
  await expect(find).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(find).not.toBeFocused();

  // What was typed for a question stays.
  await page.keyboard.press('a');
  const ask = page.getByLabel('Ask this video');
  await page.keyboard.type('Why?');
  await page.keyboard.press('Escape');
  await expect(ask).not.toBeFocused();
  await expect(ask).toHaveValue('Why?');

  const button = page.locator('summary', { hasText: 'Export' });
  await button.click();
  await expect(page.getByRole('link', { name: 'SRT' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'SRT' })).toBeHidden();
  await expect(button).toBeFocused();
});

test('j and k walk the rows of a list, x ticks', async ({ page }) => {
  await open(page, '/library?select=1');
  const boxes = page.getByRole('checkbox');
  await expect(boxes.first()).toBeVisible();
  await page.keyboard.press('x');
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(boxes.nth(1)).toBeChecked();
  await expect(boxes.nth(0)).not.toBeChecked();
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  await expect(boxes.nth(0)).toBeChecked();
  await page.keyboard.press('x');
  await expect(boxes.nth(0)).not.toBeChecked();
});

test('Ctrl+Enter sends, and Tab reaches the content past the skip link', async ({ page, copy }) => {
  await open(page, '/');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await page.getByLabel('Paste YouTube links or a transcript').fill(copy(videos.short).link);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/summaries\//);
});
