// What the rows of the activity page say of a run.

import { expect, make, open, test, videos } from '../support/test';

test('runs of one video are told apart by style and time of day @phone', async ({ page, request, copy }) => {
  const video = copy(videos.short);
  for (const style of ['briefing', 'tldr']) {
    await make(request, video.link, { style });
  }
  await open(page, '/activity');
  const rows = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(video.mark) }) });
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText('TL;DR');
  await expect(rows.nth(1)).toContainText('Briefing');
  await expect(rows.nth(0)).toContainText(/\d{4}, \d+:\d\d UTC/);
});
