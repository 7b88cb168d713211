import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { type Progress, type ScrapeRequest, scrape } from '../../../src/scrape/crawl/pipeline.ts';
import type { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { Site } from '../site.ts';

/** What a run said and left behind. */
interface Traces {
  lines: string[];
  progress: Progress[];
}

/** A site and a temporary folder for each test, and runs that stage and write there. */
export function withRun() {
  let current: { site: Site; folder: string } | undefined;
  beforeEach(async () => {
    current = { site: await Site.start(), folder: mkdtempSync(join(tmpdir(), 'qs-scrape-')) };
  });
  afterEach(async () => {
    await current?.site.stop();
    if (current !== undefined) rmSync(current.folder, { recursive: true });
  });
  const now = () => {
    if (current === undefined) throw new Error('only inside a test');
    return current;
  };
  const path = (name: string) => join(now().folder, name);
  const traces: Traces = { lines: [], progress: [] };

  /** Runs a configuration written in YAML; `{site}` in it is the site's address. */
  const run = (yaml: string, request: Partial<ScrapeRequest> = {}, tally?: ScrapeStats) => {
    traces.lines = [];
    traces.progress = [];
    const { config } = parseConfig(yaml.replaceAll('{site}', now().site.url('')), 'test.yaml');
    const asked: ScrapeRequest = {
      config,
      output: null,
      stagingFile: path('items.jsonl'),
      retries: { retries: 4, baseMs: 2 },
      signal: new AbortController().signal,
      onProgress: (progress) => traces.progress.push(progress),
      log: (level, message) => traces.lines.push(`${level} ${message}`),
      ...request,
    };
    return scrape(asked, tally);
  };
  const staged = (): unknown[] => {
    const lines = readFileSync(path('items.jsonl'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  };
  return { site: () => now().site, path, run, staged, traces };
}
