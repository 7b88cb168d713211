import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';
import { lacks } from '../../platform.ts';
import { withExport } from './with-export.ts';

const { path, stage, read, files } = withExport();
const program = await bundleFixture('export-new-rows');
afterAll(() => program.remove());

/** QS_KILLS=1000 for a release; each run of the tests does fewer. */
const KILLS = Number(process.env['QS_KILLS'] ?? 25);

const args = (output: string, step = '') => [
  ...[program.file, path('items.jsonl'), path(output), path(`${output}.db`), step],
];
const finish = async (output: string) =>
  Number((await promisify(execFile)(process.execPath, args(output))).stdout);

async function dieAt(output: string, step: string): Promise<void> {
  const child = spawn(process.execPath, args(output, step), { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect({ step, signal }).toEqual({ step, signal: 'SIGKILL' });
}

const rows = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => ({ id: `row ${first + at}`, n: first + at }));

/** The numbers in the output, which has a line for each row. */
function numbersIn(output: string): number[] {
  const lines = read(output).trimEnd().split('\n');
  if (output.endsWith('.csv')) return lines.slice(1).map((line) => Number(line.split(',')[1]));
  return lines.map((line) => (JSON.parse(line) as { n: number }).n);
}

const STEPS = [
  'before choose',
  'after choose',
  'before placing',
  'after placing',
  'before replacing',
  'after replacing',
  'after placed',
];

describe.skipIf(lacks('signals'))('a run that is killed while it adds rows', () => {
  it.each(STEPS)('%s: the next one loses none and doubles none', async (step) => {
    for (const output of ['new.csv', 'old.jsonl']) {
      stage(rows(1, 3));
      if (output === 'old.jsonl') await finish(output);
      stage(rows(2, 6));
      await dieAt(output, step);
      // What the site shows has changed since: some rows of the dead run are gone, others are new.
      stage(rows(4, 8));
      await finish(output);
      const isWritten = step === 'after replacing' || step === 'after placed';
      const before = output === 'old.jsonl' ? [1, 2, 3] : [];
      const found = numbersIn(output);
      expect(found).toEqual([...new Set(found)]);
      const expected = [...before, ...(isWritten ? rows(2, 6) : []).map(({ n }) => n), 4, 5, 6, 7, 8];
      expect(new Set(found)).toEqual(new Set(expected));
      // The rows that both runs have are in the file, and those of the dead run as long as it had replaced the file.
      stage(rows(2, 8));
      await finish(output);
      expect(numbersIn(output).toSorted((a, b) => a - b)).toEqual(
        output === 'old.jsonl' ? [1, 2, 3, 4, 5, 6, 7, 8] : [2, 3, 4, 5, 6, 7, 8],
      );
      await finish(output);
      expect(numbersIn(output)).toHaveLength(output === 'old.jsonl' ? 8 : 7);
    }
  });

  it('at any moment, again and again', async () => {
    stage(rows(1, 1));
    await finish('out.jsonl');
    const start = performance.now();
    await finish('out.jsonl');
    const whole = performance.now() - start;
    const last = (round: number) => 2_000 + round * 20;
    let killed = 0;
    for (let round = 1; round <= KILLS; round += 1) {
      stage(rows(1, last(round)));
      const child = spawn(process.execPath, args('out.jsonl'), { stdio: 'ignore' });
      const ended = once(child, 'exit');
      await Promise.race([delay(Math.random() * whole * 1.5), ended]);
      child.kill('SIGKILL');
      const [, signal] = await ended;
      if (signal === 'SIGKILL') killed += 1;
      const found = numbersIn('out.jsonl');
      expect(found).toEqual([...new Set(found)]);
    }
    expect(killed).toBeGreaterThan(0);
    await finish('out.jsonl');
    expect(numbersIn('out.jsonl').toSorted((a, b) => a - b)).toEqual(rows(1, last(KILLS)).map(({ n }) => n));
    expect(existsSync(path('items.jsonl.new'))).toBe(false);
    expect(files()).toEqual(['items.jsonl', 'out.jsonl', 'out.jsonl.db']);
  });

  it('two runs of a job at the same time write each row once', async () => {
    stage(rows(1, 500));
    const added = await Promise.all([1, 2, 3].map(() => finish('out.jsonl')));
    expect(added.toSorted((a, b) => a - b)).toEqual([0, 0, 500]);
    expect(numbersIn('out.jsonl')).toHaveLength(500);
  });
});

it.skipIf(lacks('shell'))(
  'a disk without room for what is known fails the run, and the next one adds the rows',
  async () => {
    stage(rows(1, 3));
    await finish('out.jsonl');
    const before = read('out.jsonl');
    stage(rows(1, 1_000));
    // No file may grow beyond 40 KiB: the output stays below that, the known rows do not.
    const limited = promisify(execFile)('sh', [
      '-c',
      'ulimit -f 80; exec "$@"',
      'sh',
      process.execPath,
      ...args('out.jsonl'),
    ]);
    const failure = await limited.then(
      () => undefined,
      (error: { stderr: string }) => error.stderr,
    );
    expect(failure).toContain('the rows that the job has written so far cannot be used');
    expect(read('out.jsonl')).toBe(before);
    expect(await finish('out.jsonl')).toBe(997);
    expect(numbersIn('out.jsonl')).toEqual(rows(1, 1_000).map(({ n }) => n));
  },
);
