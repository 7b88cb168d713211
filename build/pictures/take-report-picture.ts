import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../src/core/process/find-browser.ts';
import { putChanges } from './made-up-changes.ts';

/** Takes a picture of the upper part of the report of a home. @param file of the picture */
export async function takeReportPicture(program: string, home: string, file: string): Promise<void> {
  const found = findBrowser();
  if ('missing' in found) throw new Error(found.missing);
  putChanges(home);
  const page = join(home, 'report.html');
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, 'report', '--html', page, '--home', home],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] });
  try {
    const shown = await browser.newPage({ viewport: { width: 1180, height: 1500 } });
    await shown.goto(pathToFileURL(page).href);
    await shown.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}
