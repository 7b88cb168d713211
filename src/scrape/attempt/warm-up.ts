import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sqlite } from '../../core/database/native-sqlite.ts';
import { parseJobText } from '../../core/jobs/job-text.ts';
import { currentProcessIdentity } from '../../core/process/identity.ts';
import { parseConfig } from '../config/parse-config.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { loadPage } from '../extract/load-page.ts';
import { createFetcher } from '../http/fetcher.ts';
import { openPageSource } from '../source/open-page-source.ts';

const createSampleConfig = (url: string) => `url: ${url}\nitem: li\nselectors:\n  name: b\n`;
const SAMPLE_JOB = {
  config_name: 'made-up',
  schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
};
const SAMPLE_PAGE = '<meta charset="utf-8"><ul><li><b>é</b></ul>';

/**
 * Loads and compiles the code for a run's first request and page, by executing it once with an invented job,
 * configuration and page. The page comes from this process, over a port of the loopback interface. Touches no home.
 */
export async function warmUp(): Promise<void> {
  currentProcessIdentity();
  new Sqlite(':memory:').close();
  parseJobText(JSON.stringify(SAMPLE_JOB), { id: 'made-up', file: 'made-up.json', modifiedAt: 0 }, undefined);
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(SAMPLE_PAGE),
  );
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await scrape(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function scrape(url: string): Promise<void> {
  const { config } = parseConfig(createSampleConfig(url), 'made-up.yaml', {});
  const { signal } = new AbortController();
  const quiet = () => {};
  const request = { config, signal, onProgress: quiet, log: quiet };
  const source = await openPageSource(request, quiet, createFetcher({ ownUrls: config.urls }));
  try {
    const page = await source.get(url, { signal });
    extractRows(loadPage(page.body, 'text/html', url), config);
  } finally {
    await source.close();
  }
}
