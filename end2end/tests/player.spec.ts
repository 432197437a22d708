import type { Page } from '@playwright/test';
import { expect, make, open, test, videos } from '../support/test';
import { frame, times } from '../support/summary-page';

interface Message {
  event: string;
  func?: string;
  args?: unknown[];
}

async function heard(page: Page): Promise<Message[]> {
  const player = page.frames().find((candidate) => candidate.url().includes('youtube-nocookie.com'));
  return (await player?.evaluate('window.heard')) as Message[];
}

const seconds = (clock: string) => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

test('nothing of YouTube’s is loaded before a time is pressed, then it plays from there @phone', async ({ page, request, copy }) => {
  const asked: string[] = [];
  page.on('request', (ask) => asked.push(ask.url()));
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}`);
  await expect(frame(page)).toHaveCount(0);
  expect(asked.filter((url) => /youtube|ytimg|google/.test(new URL(url).host))).toEqual([]);

  const first = times(page).nth(1);
  const from = seconds(((await first.textContent()) ?? '').trim());
  await first.click();
  await expect(frame(page)).toBeVisible();
  const address = new URL((await frame(page).getAttribute('src')) ?? '');
  expect(address.origin).toBe('https://www.youtube-nocookie.com');
  expect(address.searchParams.get('enablejsapi')).toBe('1');
  expect(address.searchParams.get('start')).toBe(String(from));
  await expect(frame(page)).toHaveAttribute('referrerpolicy', 'strict-origin-when-cross-origin');
  await expect(first).toBeFocused();

  // The next time moves the player that is there. (The card of the first may lie over it.)
  await page.keyboard.press('Escape');
  const next = times(page).nth(3);
  const to = seconds(((await next.textContent()) ?? '').trim());
  await next.click();
  await expect(frame(page)).toHaveCount(1);
  await expect
    .poll(() => heard(page))
    .toContainEqual(expect.objectContaining({ event: 'command', func: 'seekTo', args: [to, true] }));
});

test('an address with ?t= offers to play from there', async ({ page, request, copy }) => {
  const id = await make(request, copy(videos.short).link);
  await open(page, `/summaries/${id}?t=65`);
  await page.getByRole('link', { name: 'Play from 1 minute 5 seconds' }).click();
  await expect(frame(page)).toHaveAttribute('src', /start=65/);
});

test('the picture comes from this server', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  const id = await make(request, video.link);
  const picture = page.waitForResponse((response) => response.url().includes(video.id) && response.ok());
  await open(page, `/summaries/${id}`);
  expect((await picture).headers()['content-type']).toBe('image/jpeg');
});
