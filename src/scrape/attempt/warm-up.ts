import Libsql from 'libsql';
import { parseJobText } from '../../core/jobs/job-text.ts';
import { currentProcessIdentity } from '../../core/process/identity.ts';
import { parseConfig } from '../config/parse-config.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { loadPage } from '../extract/load-page.ts';
import { createFetcher } from '../http/fetcher.ts';
import { openPageSource } from '../source/open-page-source.ts';

/** Refused before any connection: nobody's own address, and a private one. */
const UNREACHABLE_URL = 'http://127.0.0.1/';
const SAMPLE_CONFIG = `url: ${UNREACHABLE_URL}\nitem: li\nselectors:\n  name: b\n`;
const SAMPLE_JOB = {
  config_name: 'made-up',
  schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
};
const SAMPLE_PAGE = '<meta charset="utf-8"><ul><li><b>é</b></ul>';

/**
 * Loads and compiles what a run needs for its first request and its first page, by doing it once with a job, a
 * configuration and a page that are made up. Nothing of any home is touched, and nothing leaves this process.
 */
export async function warmUp(): Promise<void> {
  currentProcessIdentity();
  new Libsql(':memory:').close();
  parseJobText(JSON.stringify(SAMPLE_JOB), { id: 'made-up', file: 'made-up.json', modifiedAt: 0 }, undefined);
  const { config } = parseConfig(SAMPLE_CONFIG, 'made-up.yaml', {});
  extractRows(loadPage(Buffer.from(SAMPLE_PAGE), 'text/html', UNREACHABLE_URL), config);
  const { signal } = new AbortController();
  const quiet = () => {};
  const request = { config, signal, onProgress: quiet, log: quiet };
  const source = await openPageSource(request, quiet, createFetcher({ ownUrls: [], respectRobots: false }));
  // That it is refused is what is expected.
  await source.get(UNREACHABLE_URL, { signal }).catch(quiet);
  await source.close();
}
