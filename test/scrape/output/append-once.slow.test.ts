import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { isActive } from '../../../src/core/model/run-record.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { waitFor } from '../../wait-for.ts';
import { withRun } from '../crawl/with-run.ts';

const { site, run, path } = withRun();
const YAML = 'url: "{site}/list"\nitem: li\nselectors: { title: b }\noutput: { append: true }\n';
const ROWS = '<li><b>one</b></li><li><b>two</b></li>';

/** An attempt of a run; each has the same note. */
const attempt = (file: string, format: 'csv' | 'jsonl' | 'json' | 'sqlite' | 'excel', note = 'added') => {
  site().html('/list', ROWS);
  return run(YAML, { output: { file: path(file), format }, appendRecordFile: path(note) });
};

function titlesIn(file: string, table = 'items'): unknown[] {
  const db = new Libsql(file, { readonly: true });
  try {
    return db.prepare(`SELECT title FROM ${table}`).all([]);
  } finally {
    db.close();
  }
}

const lines = (file: string) => readFileSync(path(file), 'utf8').trimEnd().split('\n').length;

describe('an attempt that finds the rows of the one before in place', () => {
  it.each(['csv', 'jsonl', 'json', 'csv.gz', 'excel'] as const)('adds them once: %s', async (kind) => {
    const format = kind === 'csv.gz' ? 'csv' : kind;
    const file = `out.${kind}`;
    await attempt(file, format);
    const before = readFileSync(path(file));
    const { warnings } = await attempt(file, format);
    expect(readFileSync(path(file))).toEqual(before);
    expect(warnings).toEqual([expect.stringMatching(/^the rows were added by an earlier attempt/)]);
    // Another run has a note of its own.
    await attempt(file, format, 'added-of-another');
    expect(readFileSync(path(file))).not.toEqual(before);
  });

  it('adds them once to a table, whether the database was there or not', async () => {
    for (const note of ['first', 'first', 'second', 'second']) await attempt('out.db', 'sqlite', note);
    expect(titlesIn(path('out.db'))).toHaveLength(4);
  });

  it('adds them where the file has changed since, or another one has taken its place', async () => {
    await attempt('out.csv', 'csv');
    await attempt('out.csv', 'csv', 'other');
    await attempt('out.csv', 'csv');
    expect(lines('out.csv')).toBe(1 + 6);
    const text = readFileSync(path('out.csv'));
    writeFileSync(path('copy.csv'), text);
    renameSync(path('copy.csv'), path('out.csv'));
    await attempt('out.csv', 'csv');
    expect(lines('out.csv')).toBe(1 + 8);
  });

  it('adds them when it died before they were there', async () => {
    await attempt('out.csv', 'csv');
    const text = readFileSync(path('out.csv'));
    await attempt('out.csv', 'csv', 'dying');
    // As if the part had not taken the file's place.
    writeFileSync(path('out.csv'), text);
    await attempt('out.csv', 'csv', 'dying');
    expect(lines('out.csv')).toBe(1 + 4);
  });
});

it.each(['csv', 'sqlite'])(
  'a run whose process is killed between its output and its outcome has added its rows once: %s',
  async (format) => {
    site().html('/list', ROWS);
    const preload = fileURLToPath(new URL('../../fixtures/killed-before-outcome.mjs', import.meta.url));
    const url = site().url('/list');
    const { workspace, runs, runThat, startScheduler, disableJob } = await scheduledHome(
      YAML.replace('{site}/list', url).replace('append', `format: ${format}, path: "all", append`),
      {
        schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
        max_retries: 1,
        retry_delay: 0,
      },
    );
    const file = join(workspace.paths.output, 'all');
    await startScheduler({ NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` });
    const { runId } = await runThat(['starting', 'running', 'waiting_retry', 'succeeded']);
    await disableJob();
    const over = await runThat(['succeeded'], runId);
    await waitFor('no run to be under way', () => runs().every(({ status }) => !isActive(status)));
    expect(over).toMatchObject({ attempt: 2, items: 2 });
    const rows =
      format === 'csv' ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(1) : titlesIn(file, 'source');
    // The job may have been due once more meanwhile.
    expect(rows).toHaveLength(2 * runs().filter(({ status }) => status === 'succeeded').length);
  },
);
