import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { type ChangeRules, EVERY_CHANGE } from '../../../src/core/model/change-rules.ts';
import { formatFromPath, type OutputFormat } from '../../../src/core/model/output-format.ts';
import { countedChanges } from '../../../src/core/quality/counted-changes.ts';
import { exportNewRows, requireOnlyFormat } from '../../../src/scrape/output/export-new-rows.ts';
import { lacks } from '../../platform.ts';
import { failureOf } from '../http/with-site.ts';
import { withExport } from './with-export.ts';

const { path, stage, read, files } = withExport();

interface Options {
  only?: 'new' | 'changed';
  rules?: Partial<ChangeRules>;
  signal?: AbortSignal;
}

/** Adds the new ones of these rows, and returns how many there were. */
async function add(name: string, rows: unknown[], { only = 'new', rules = {}, signal }: Options = {}) {
  stage(rows);
  const key = rules.key ?? ['id'];
  const { added } = await exportNewRows(
    {
      stagingFile: path('items.jsonl'),
      file: path(name),
      format: formatFromPath(name) ?? 'csv',
      append: true,
      fields: ['id', 'price'],
      signal: signal ?? new AbortController().signal,
    },
    {
      only,
      key,
      counted: countedChanges({ ...EVERY_CHANGE, ...rules }, key, []),
      knownFile: path('known.db'),
    },
  );
  return added;
}

const row = (id: unknown, price: number, more = {}) => ({ id, price, ...more });

describe('only new rows', () => {
  it.each(['out.csv', 'out.jsonl', 'out.csv.gz'])(
    'are added to %s: the first run writes all',
    async (name) => {
      const text = () =>
        name.endsWith('.gz') ? gunzipSync(readFileSync(path(name))).toString() : read(name);
      expect(await add(name, [row('a', 1), row('b', 2)])).toBe(2);
      const first = text();
      expect(await add(name, [row('b', 3), row('c', 4), row('a', 1)])).toBe(1);
      expect(text()).toBe(`${first}${name === 'out.jsonl' ? '{"id":"c","price":4}' : 'c,4'}\n`);
    },
  );

  it('with changed, rows that differ are added again, and those that a run did not have stay known', async () => {
    const changed = { only: 'changed' } as const;
    await add('out.jsonl', [row('a', 1), row('b', 2)], changed);
    expect(await add('out.jsonl', [row('b', 3)], changed)).toBe(1);
    expect(await add('out.jsonl', [row('b', 3), row('a', 1)], changed)).toBe(0);
    expect(await add('out.jsonl', [row('b', 2)], changed)).toBe(1);
    expect(read('out.jsonl')).toBe(
      ['a', 1, 'b', 2, 'b', 3, 'b', 2]
        .flatMap((id, at, all) => (at % 2 === 0 ? [`{"id":"${id}","price":${all[at + 1]}}\n`] : []))
        .join(''),
    );
  });

  it('what does not count as a change adds no row', async () => {
    const options = (rules: Partial<ChangeRules>) => ({ only: 'changed', rules }) as const;
    const ignoring = options({ ignore: ['views'], ignore_case: true });
    await add('out.jsonl', [row('a', 1, { views: 1, title: 'One' })], ignoring);
    expect(await add('out.jsonl', [row('A', 1, { views: 2, title: 'ONE' })], ignoring)).toBe(0);
    expect(await add('out.jsonl', [row('a', 1, { views: 2, title: 'Two' })], ignoring)).toBe(1);
    const conditional = options({ when: { price: { falls_by_percent: 5 } } });
    await add('other.jsonl', [row('x', 1, { views: 1 })], conditional);
    expect(await add('other.jsonl', [row('x', 1, { views: 2 })], conditional)).toBe(0);
    // What was written before is known as a hash: a condition on two values cannot be evaluated.
    expect(await add('other.jsonl', [row('x', 2, { views: 2 })], conditional)).toBe(1);
  });

  it('of rows with the same key the first counts, and rows without a key are told apart by all of their fields', async () => {
    const rows = [row('a', 1), row('a', 2), row(null, 3), row('', 3), row(null, 4), row(null, 3)];
    expect(await add('out.jsonl', rows, { only: 'changed' })).toBe(4);
    expect(await add('out.jsonl', rows, { only: 'changed' })).toBe(0);
    expect(await add('out.jsonl', [...rows, row(null, 5)], { only: 'new' })).toBe(1);
  });

  it('several fields are a key', async () => {
    const rules = { key: ['id', 'price'] };
    expect(await add('out.jsonl', [row('a', 1), row('a', 2)], { rules })).toBe(2);
    expect(await add('out.jsonl', [row('a', 2), row('a', 3)], { rules })).toBe(1);
  });

  it('a run without new rows leaves the file as it is, and makes an empty one where there is none', async () => {
    await add('out.csv', [row('a', 1)]);
    const { ino, mtimeMs } = statSync(path('out.csv'));
    await add('out.csv', [row('a', 1)]);
    expect(statSync(path('out.csv'))).toMatchObject({ ino, mtimeMs });
    await add('of-another-day.csv', [row('a', 1)]);
    expect(read('of-another-day.csv')).toBe('id,price\n');
  });

  it('a file that was moved or deleted begins anew with what is new', async () => {
    await add('out.csv', [row('a', 1)]);
    renameSync(path('out.csv'), path('archive.csv'));
    await add('out.csv', [row('a', 1), row('b', 2)]);
    expect(read('out.csv')).toBe('id,price\nb,2\n');
    // Without what is known, all rows are new.
    rmSync(path('known.db'));
    expect(await add('out.csv', [row('a', 1), row('b', 2)])).toBe(2);
  });

  it('a run that cannot write its rows has not written them', async () => {
    await add('out.csv', [row('a', 1)]);
    const unfit = await failureOf(add('out.csv', [{ id: 'b', stock: 2 }]));
    expect(unfit.message).toContain('it has no column "stock"');
    expect(await add('out.csv', [row('b', 2)])).toBe(1);
    const stopped = await failureOf(add('out.csv', [row('c', 3)], { signal: AbortSignal.abort() }));
    expect(stopped.kind).toBe('cancelled');
    expect(await add('out.csv', [row('c', 3)])).toBe(1);
    expect(files()).toEqual(['items.jsonl', 'known.db', 'out.csv']);
  });
});

describe('the file of known rows', () => {
  it.skipIf(lacks('modes'))('is private', async () => {
    await add('out.csv', [row('a', 1)]);
    expect(statSync(path('known.db')).mode & 0o777).toBe(0o600);
  });

  it('is not used when it is damaged, or of a newer version', async () => {
    await add('out.csv', [row('a', 1)]);
    const db = new Libsql(path('known.db'));
    db.exec('PRAGMA user_version = 2');
    db.close();
    expect((await failureOf(add('out.csv', [row('b', 1)]))).message).toContain('by a newer version');
    writeFileSync(path('known.db'), 'x'.repeat(10_000));
    const damaged = await failureOf(add('out.csv', [row('b', 1)]));
    expect(damaged).toMatchObject({ kind: 'output', message: expect.stringContaining('known.db') });
    expect(damaged.hint).toContain('Without it all rows count as new');
    expect(read('out.csv')).toBe('id,price\na,1\n');
  });

  it('that another run holds is waited for, until the run is cancelled', async () => {
    await add('out.csv', [row('a', 1)]);
    const db = new Libsql(path('known.db'));
    db.exec('BEGIN EXCLUSIVE');
    const abort = new AbortController();
    const waiting = add('out.csv', [row('b', 1)]);
    const cancelled = failureOf(add('out.csv', [row('b', 1)], { signal: abort.signal }));
    abort.abort();
    expect((await cancelled).kind).toBe('cancelled');
    db.exec('COMMIT');
    db.close();
    expect(await waiting).toBe(1);
  });
});

it.each<[OutputFormat, string]>([
  ['json', 'csv or jsonl'],
  ['excel', 'csv or jsonl'],
  ['sqlite', 'output.key'],
])('%s is refused', async (format, hint) => {
  const failure = await failureOf(Promise.resolve().then(() => requireOnlyFormat(format)));
  expect(failure.message).toBe(`output.only is for csv and jsonl, and the output is ${format}`);
  expect(failure.hint).toContain(hint);
});
