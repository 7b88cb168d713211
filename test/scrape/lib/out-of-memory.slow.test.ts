import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { RunLog } from '../../../src/scrape/attempt/run-log.ts';
import { toNetworkError } from '../../../src/scrape/http/network-error.ts';
import { proxyUnreachableError } from '../../../src/scrape/http/proxy-transport.ts';
import { ScrapeError } from '../../../src/scrape/lib/scrape-error.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { preload } from '../../preload.ts';
import { quickscrape, succeed } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const url = new URL('http://shop.example/');

/** Converts an error as a run does. */
function toFailure(error: unknown) {
  const log = new RunLog(runFiles(resolveHome({ home: tempFolder() }), 'job', 'run'));
  onTestFinished(() => log.close());
  return log.toFailure(error);
}

/** What V8 itself throws when it gets no memory. */
function refusal(): Error {
  try {
    return new Error(`there were ${new ArrayBuffer(Number.MAX_SAFE_INTEGER).byteLength} bytes`);
  } catch (error) {
    return error as Error;
  }
}

describe('memory that the system does not give', () => {
  it.each<[string, Error]>([
    ['V8', refusal()],
    ['a program that cannot be started', Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' })],
    ['the resolver', Object.assign(new Error('getaddrinfo EAI_MEMORY'), { code: 'EAI_MEMORY' })],
    ['SQLite', Object.assign(new Error('out of memory'), { code: 'SQLITE_NOMEM' })],
  ])('is reported as such when %s says so, not as a fault of the site', (_, error) => {
    for (const said of [
      toNetworkError(new TypeError('fetch failed', { cause: error }), url, 1_000),
      proxyUnreachableError(error, url, 1_000),
    ]) {
      expect(said.kind).toBe('memory');
      expect(said.message).toBe(`the system gave the process no more memory: ${error.message}`);
      expect(said.hint).toContain('max_concurrent_runs');
    }
    for (const thrown of [error, new ScrapeError('browser', 'the browser did not start', { cause: error })])
      expect(toFailure(thrown).error).toMatchObject({
        kind: 'memory',
        message: expect.stringContaining(`${error.message}. Give it more`),
      });
  });

  it('is not what a site’s own words or another failure look like', () => {
    const site = new ScrapeError('http', 'http://shop.example/ answered 500: out of memory');
    expect(toFailure(site).error?.kind).toBe('http');
    expect(toFailure(new RangeError('Invalid array length')).error?.kind).toBe('internal');
    expect(toNetworkError(new Error('read ECONNRESET'), url, 1_000).kind).toBe('network');
  });

  it('ends a run as memory, whatever it allocated', async ({ home, site }) => {
    await succeed(['init'], { home });
    writeFileSync(join(home, 'configs', 'shop.yaml'), gatedConfig(site.url));
    await succeed('job create --config shop --id shop --schedule daily --at 09:00'.split(' '), { home });
    const run = await quickscrape(['job', 'run', 'shop'], {
      home,
      env: preload('no-memory', home),
    });
    expect(run.code).toBe(1);
    const { stdout } = await quickscrape(['job', 'history', 'shop', '--json'], { home });
    const [row] = (JSON.parse(stdout) as { runs: { error: { kind: string; message: string } }[] }).runs;
    expect(row?.error).toMatchObject({
      kind: 'memory',
      message: expect.stringMatching(
        /^the system gave the process no more memory: WebAssembly\.\w+\(\): Out of memory/,
      ),
    });
    expect(row?.error.message).not.toContain('Check the address');
  });
});
