import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { formatReportPage } from '../../../src/cli/render/report/report-page.ts';
import { findBrowser } from '../../../src/core/process/find-browser.ts';
import { it } from '../../extend.ts';
import { noBrowserHere } from '../../scrape/browser/browser-site.ts';
import { canMount, smallDisk } from '../../small-disk.ts';
import { HANG_MS } from '../../wait-for.ts';
import { reportOf } from '../render/report/report-fixture.ts';
import { shopHome } from '../shop-home.ts';

/** Each would change the title, if the page took it for more than a text. */
const HOSTILE =
  '<script>document.title="owned"</script><img src="http://127.0.0.1:9/x" onerror="document.title=\'owned\'">' +
  '</style><style>@import url(http://127.0.0.1:9/y)</style><link rel=stylesheet href=http://127.0.0.1:9/z>' +
  `"><svg onload="document.title='owned'"><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">${'w'.repeat(400)}`;

let browser: Browser | undefined;

beforeAll(async () => {
  const found = findBrowser();
  if ('missing' in found) return;
  browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

interface Shown {
  page: Page;
  /** Requests for anything but the file, errors of scripts, violations of the policy. */
  troubles: string[];
}

async function show(
  folder: string,
  html: string,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<Shown> {
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  if (browser === undefined) throw new Error('no browser');
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  page.setDefaultTimeout(HANG_MS);
  const address = pathToFileURL(file).href;
  const troubles: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== address) troubles.push(request.url());
  });
  page.on('pageerror', ({ message }) => troubles.push(message));
  page.on('console', (message) => troubles.push(message.text()));
  await page.goto(address);
  return { page, troubles };
}

it.skipIf(noBrowserHere).for([360, 700, 1060, 1280])(
  'shows hostile texts as text at %d pixels: no script, no request, no scrolling sideways',
  async (width, { folder }) => {
    const html = formatReportPage(reportOf(HOSTILE, 'https://shop.example/'));
    const { page, troubles } = await show(folder, html, width, width < 800 ? 'dark' : 'light');
    expect(await page.title()).toBe('1 of 3 jobs fails · QuickScrape Jobs');
    expect(await page.evaluate('document.scripts.length + document.images.length')).toBe(0);
    // The last would be wider, if something within the page were.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.getByText('document.title="owned"').first().isVisible()).toBe(true);
    await page.locator('summary').click();
    expect(await page.getByText('since Mon 30 Nov, 09:00').last().isVisible()).toBe(true);
    await page.close();
    expect(troubles).toEqual([]);
  },
);

it.skipIf(noBrowserHere)(
  'names each curve, heading and table to programs that read pages aloud',
  async ({ folder }) => {
    const { page, troubles } = await show(folder, formatReportPage(reportOf('a text')), 360, 'light');
    expect(await page.getByRole('heading', { level: 1 }).allTextContents()).toEqual(['1 of 3 jobs fails']);
    expect(await page.getByRole('heading', { level: 2 }).count()).toBe(5);
    for (const name of [
      /^Runs of all jobs: 3 runs succeeded, 1 failed/,
      /^Items: from 20 to 24/,
      /^Duration: from 1 s/,
    ])
      expect(await page.getByRole('img', { name }).first().isVisible()).toBe(true);
    // On a phone each row is a card, and still a row.
    expect(await page.getByRole('table').count()).toBe(3);
    expect(await page.getByRole('row', { name: /good/ }).count()).toBeGreaterThan(0);
    await page.close();
    expect(troubles).toEqual([]);
  },
);

it.skipIf(noBrowserHere)('is as dark as its reader wants it, and white on paper', async ({ folder }) => {
  const colors: unknown[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await show(folder, formatReportPage(reportOf('a text')), 1000, scheme);
    const color = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    colors.push(await color());
    await page.emulateMedia({ media: 'print' });
    // The text of a page of A4.
    await page.setViewportSize({ width: 695, height: 1000 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(695);
    colors.push(await color());
    await page.close();
  }
  expect(colors).toEqual([
    'rgb(251, 250, 247)',
    'rgb(255, 255, 255)',
    'rgb(20, 21, 23)',
    'rgb(255, 255, 255)',
  ]);
});

it.skipIf(!canMount)('leaves the last page where the disk is full', async () => {
  const { program } = shopHome();
  await program('config', 'list');
  const disk = smallDisk(256 * 1024);
  const file = join(disk.folder, 'report.html');
  expect((await program('report', '--html', file)).code).toBe(0);
  const before = readFileSync(file, 'utf8');
  disk.fill();
  const { code, stderr } = await program('report', '--html', file);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/cannot write .*report\.html[\s\S]*disk is full/),
  ]);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readdirSync(disk.folder).sort()).toEqual(['ballast', 'report.html']);
});
