import { expect, open, ready, submit, test } from '../support/test';
import { expectDone, frame, provenance, times, transcript } from '../support/summary-page';

const spoken = (mark: string) => `0:00 The first printing press in this town stood in the cellar of a bakery in 1612.
0:09 The printer paid his rent in calendars, and he printed 300 of them every winter.
0:18 In the spring of 1615 the river rose and washed all the letters out of their cases.
0:27 The children of the street found lead letters in the mud for years and sold them by weight.
0:36 Only the letter Q was never found again, which tells you how rarely it was needed.
0:45 The new press of 1617 stood on the second floor, and the baker kept the cellar for flour ${mark}.`;

test('a pasted transcript becomes a summary whose times lead to its lines', async ({ page }, info) => {
  await submit(page, spoken(`${info.project.name} ${Date.now()}`));
  await page.waitForURL(/\/summaries\//);
  await ready(page);
  await expectDone(page);
  await expect(provenance(page)).toContainText('uploaded transcript');
  await times(page).first().click();
  await expect(frame(page)).toHaveCount(0);
  await expect(transcript(page).getByText('The first printing press')).toBeInViewport();
});

test('an uploaded .srt becomes a summary @phone', async ({ page }, info) => {
  const blocks = spoken(`${info.project.name} ${Date.now()}`)
    .split('\n')
    .map((line, n) => {
      const [clock, ...words] = line.split(' ');
      const next = `00:00:${String(n * 9 + 8).padStart(2, '0')},500`;
      return `${n + 1}\n00:0${clock},000 --> ${next}\n${words.join(' ')}\n`;
    });
  await open(page, '/');
  await page.locator('input[type=file]').setInputFiles({
    name: 'printing press.srt',
    mimeType: 'application/x-subrip',
    buffer: Buffer.from(blocks.join('\n')),
  });
  await expect(page.getByText('File: printing press.srt')).toBeVisible();
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.waitForURL(/\/summaries\//);
  await ready(page);
  await expectDone(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('printing press');
  await expect(times(page).first()).toHaveText(/0:\d\d/);
});
