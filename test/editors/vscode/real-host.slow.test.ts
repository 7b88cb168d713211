import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { startBookshop } from '../../../src/sandbox/bookshop.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { it } from '../../extend.ts';
import { PROGRAM } from '../../program.ts';
import { HANG_MS, waitFor } from '../../wait-for.ts';
import { installCodeServer, startCodeServer } from './code-server.ts';

const VERSION = JSON.parse(readFileSync('package.json', 'utf8')).version as string;
/** Where code-server is, or is installed: some hundred megabytes, so only the nightly run does it. */
const CODE_SERVER = process.env['QS_CODE_SERVER'];

async function openWindow(url: string): Promise<Page> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(HANG_MS);
  await page.goto(url);
  return page;
}

/** Of the frames of a page, the text of the one that shows items. */
async function itemsText(page: Page): Promise<string | undefined> {
  const texts = await Promise.all(
    page.frames().map((frame) => frame.evaluate('document.body.innerText').catch(() => '')),
  );
  return texts.map(String).find((text) => /^\d+ items/.test(text));
}

it.skipIf(CODE_SERVER === undefined)(
  'VS Code installs the extension, shows a run live, its items and counts of selectors (npm run test:nightly)',
  async ({ folder }) => {
    const shop = await startBookshop();
    onTestFinished(() => shop.close());
    const books = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 3');
    const { home, json } = shopHome({ books });
    await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
    execFileSync(process.execPath, ['build/artefacts.mjs', 'vsix', '--built', '--out', folder]);
    const vsix = join(folder, `quickscrape-jobs-${VERSION}.vsix`);
    const settings = { 'quickscrape.home': home, 'quickscrape.command': [process.execPath, PROGRAM] };
    const server = CODE_SERVER ?? '';
    installCodeServer(server);
    const { url, changeSettings } = await startCodeServer(server, vsix, settings);
    const page = await openWindow(`${url}?folder=${encodeURIComponent(home)}`);

    await page.locator('.activitybar a[aria-label^="QuickScrape"]').click();
    const job = page.locator('.monaco-list-row', { hasText: 'mine' }).first();
    await job.hover();
    await job.locator('a[aria-label="Run Now"]').click();
    await job.click();
    // A run that goes on says so before its items, and its row is drawn anew while it is clicked.
    const run = page.locator('.monaco-list-row[aria-level="2"]', { hasText: /\d:\d\d\s*60 items/ });
    await run.hover();
    await run.locator('a[aria-label="Show Items"]').click();
    const items = await waitFor('the items', () => itemsText(page));
    expect(items).toContain('Is 3 < 4? A Gentle History of <Less> and >More<');

    await job.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open Configuration' }).click();
    await page.locator('.view-line', { hasText: /item:\sarticle\.product_pod\s*60/ }).waitFor();

    changeSettings({ ...settings, 'quickscrape.command': ['no-such-quickscrape'] });
    await page.getByText('The program "no-such-quickscrape" cannot be started (ENOENT).').waitFor();
    await page.locator('.monaco-list-row', { hasText: 'Set the Command' }).waitFor();
    changeSettings(settings);
    await job.waitFor();
  },
);
