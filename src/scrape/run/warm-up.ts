import Libsql from 'libsql';
import { ownIdentity } from '../../core/process/identity.ts';
import { parseJobText } from '../../core/store/job-text.ts';
import { parseConfig } from '../config/parse.ts';
import { loadPage } from '../extract/page.ts';
import { extractRows } from '../extract/rows.ts';
import { makeFetcher } from '../fetch/fetcher.ts';
import { openSource } from '../open-source.ts';

/** Refused before any connection: nobody's own address, and a private one. */
const NOWHERE = 'http://127.0.0.1/';
const CONFIG = `url: ${NOWHERE}\nitem: li\nselectors:\n  name: b\n`;
const JOB = { config_name: 'made-up', schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' } };
const PAGE = '<meta charset="utf-8"><ul><li><b>é</b></ul>';

/**
 * Loads and compiles what a run needs for its first request and its first page, by doing it once with a job, a
 * configuration and a page that are made up. Nothing of any home is touched, and nothing leaves this process.
 */
export async function warmUp(): Promise<void> {
  ownIdentity();
  new Libsql(':memory:').close();
  parseJobText(JSON.stringify(JOB), { id: 'made-up', file: 'made-up.json', modifiedAt: 0 }, undefined);
  const { config } = parseConfig(CONFIG, 'made-up.yaml', {});
  extractRows(loadPage(Buffer.from(PAGE), 'text/html', NOWHERE), config);
  const { signal } = new AbortController();
  const quiet = () => {};
  const request = { config, signal, onProgress: quiet, log: quiet };
  const source = await openSource(request, quiet, makeFetcher({ ownUrls: [], respectRobots: false }));
  // That it is refused is what is expected.
  await source.get(NOWHERE, { signal }).catch(quiet);
  await source.close();
}
