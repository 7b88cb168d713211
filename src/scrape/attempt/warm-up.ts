import Libsql from 'libsql';
import { parseJobText } from '../../core/jobs/job-text.ts';
import { currentProcessIdentity } from '../../core/process/identity.ts';
import { parseConfig } from '../config/parse-config.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { loadPage } from '../extract/load-page.ts';
import { createFetcher } from '../http/fetcher.ts';
import { openPageSource } from '../source/open-page-source.ts';

/** Refused before any connection, because it is a private address and not one of the configuration's own. */
const UNREACHABLE_URL = 'http://127.0.0.1/';
const SAMPLE_CONFIG = `url: ${UNREACHABLE_URL}\nitem: li\nselectors:\n  name: b\n`;
const SAMPLE_JOB = {
  config_name: 'made-up',
  schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
};
const SAMPLE_PAGE = '<meta charset="utf-8"><ul><li><b>é</b></ul>';

/**
 * Loads and compiles the code for a run's first request and page, by executing it once with an invented job,
 * configuration and page. Touches no home, and sends nothing.
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
  // The refusal is expected.
  await source.get(UNREACHABLE_URL, { signal }).catch(quiet);
  await source.close();
}
