import { chmodSync, closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { capLog } from '../../../src/core/runs/cap-log.ts';
import { rotateLog } from '../../../src/core/scheduler/scheduler-log.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

const cap = { head: 1_000, tail: 4_000 };
const line = (n: number) => `line ${String(n).padStart(6, '0')}\n`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => line(from + at)).join('');

it('keeps how a log began and how it ended, in whole lines, and says how much is gone', () => {
  const file = join(tempFolder(), 'run.log');
  writeFileSync(file, lines(0, 1_000));
  expect(capLog(file, cap)).toBe(true);
  const text = readFileSync(file, 'utf8');
  const [, dropped] = /\n\[\.\.\. (\d+) bytes dropped \.\.\.\]\n/.exec(text) ?? [];
  expect(text.startsWith(line(0))).toBe(true);
  expect(text.endsWith(line(999))).toBe(true);
  expect(
    text
      .replace(/\[.*\]\n/, '')
      .split('\n')
      .every((one) => /^(line \d{6})?$/.test(one)),
  ).toBe(true);
  expect(Number(dropped) + text.replace(/\[.*\]\n/, '').length).toBe(1_000 * line(0).length);
  expect(text.length).toBeLessThan(5_100);
  expect(capLog(file, cap)).toBe(false);
});

it('is cut again and again under a writer that appends, which loses nothing of what comes after', () => {
  const file = join(tempFolder(), 'run.log');
  const writer = openSync(file, 'a');
  for (let n = 0; n < 100; n += 1) {
    writeSync(writer, lines(n * 100, n * 100 + 100));
    capLog(file, cap);
    expect(statSync(file).size).toBeLessThan(7_100);
  }
  closeSync(writer);
  const text = readFileSync(file, 'utf8');
  expect(text.endsWith(lines(9_800, 10_000))).toBe(true);
  expect(text.match(/dropped/g)).toHaveLength(1);
  const dropped = Number(/(\d+) bytes dropped/.exec(text)?.[1]);
  expect(dropped + text.replace(/\[.*\]\n/, '').length).toBe(10_000 * line(0).length);
});

it.skipIf(lacks('modes'))(
  'the scheduler’s log begins anew when it is large, and the three before are kept',
  () => {
    const file = join(tempFolder(), 'scheduler.log');
    const writer = openSync(file, 'a', 0o600);
    for (let n = 1; n <= 5; n += 1) {
      writeSync(writer, `${n}`.repeat(100));
      expect(rotateLog(file, 50)).toBe(true);
    }
    writeSync(writer, 'now');
    closeSync(writer);
    expect(rotateLog(file, 50)).toBe(false);
    const starts = ['', '.1', '.2', '.3'].map((ending) => readFileSync(file + ending, 'utf8').slice(0, 3));
    expect(starts).toEqual(['now', '555', '444', '333']);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  },
);

it.skipIf(lacks('modes'))(
  'the scheduler’s log is its owner’s only, also where a service manager has made it',
  () => {
    const file = join(tempFolder(), 'scheduler.log');
    writeFileSync(file, 'started\n');
    chmodSync(file, 0o644);
    expect(rotateLog(file)).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);
