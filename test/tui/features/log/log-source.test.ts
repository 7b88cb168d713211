import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { capLog } from '../../../../src/core/runs/cap-log.ts';
import {
  splitLines,
  startLine,
  toLogLines,
  unfinishedLine,
} from '../../../../src/tui/features/log/log-line.ts';
import { LogSource } from '../../../../src/tui/features/log/log-source.ts';
import { ALL_LINES } from '../../../../src/tui/features/log/model.ts';
import { tempFolderInMemory } from '../../../temp-folder.ts';

const line = (n: number, level = 'INFO ') =>
  `2026-11-25T09:00:00.${String(n % 1000).padStart(3, '0')}Z ${level} line ${n}\n`;
const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

function logFile(content = ''): string {
  const file = join(tempFolderInMemory(), 'run.log');
  writeFileSync(file, content);
  return file;
}

it('splits bytes into the same lines, in any chunks', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).map((text) => `${text}\nzwölf\n\nrest`),
      fc.array(fc.nat(40)),
      (text, cuts) => {
        const bytes = Buffer.from(text);
        let state = startLine(7);
        const lines = [];
        let at = 0;
        for (const length of [...cuts, bytes.length]) {
          const cut = splitLines(state, bytes.subarray(at, at + length));
          lines.push(...cut.lines);
          state = cut.open;
          at += length;
        }
        const rest = unfinishedLine(state);
        expect([...lines, ...(rest ? [rest] : [])].map((each) => each.text)).toEqual(text.split('\n'));
        for (const each of lines)
          expect(bytes.subarray(each.offset - 7, each.offset - 7 + each.bytes).toString()).toBe(
            `${each.text}\n`,
          );
      },
    ),
  );
});

it('knows time and level of a line, and gives those that carry it on its level', () => {
  const raw = splitLines(
    startLine(0),
    Buffer.from(`raw\n${line(1, 'ERROR')}    at here\n${line(2, 'DEBUG')}`),
  ).lines;
  expect(toLogLines(raw).map(({ at, level, text }) => [at === null, level, text])).toEqual([
    [true, null, 'raw'],
    [false, 'error', 'line 1'],
    [true, 'error', '    at here'],
    [false, 'debug', 'line 2'],
  ]);
});

it('no line can steer a terminal, and of an endless one the beginning is shown', () => {
  const evil = splitLines(startLine(0), Buffer.from('\x1b[2J\x1b]0;owned\x07 red\x9b31m\tx\r\n')).lines;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  expect(texts(toLogLines(evil))[0]).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  const [long] = toLogLines(splitLines(startLine(0), Buffer.from(`${'x'.repeat(1_000_000)}\n`)).lines);
  expect(long?.text).toHaveLength(65_536 + ' … 934,464 more bytes'.length);
});

it('reads the end of a log, then what is added to it, a line that is still being written among it', async () => {
  const file = logFile(line(1) + line(2));
  const source = new LogSource(file);
  expect(texts((await source.end()).lines)).toEqual(['line 1', 'line 2']);
  expect(await source.news()).toEqual({ kind: 'same' });
  appendFileSync(file, line(3) + line(4).slice(0, 33));
  const first = await source.news();
  expect(first).toMatchObject({
    kind: 'added',
    page: { lines: [{ text: 'line 3' }], unfinished: { text: 'li' } },
  });
  appendFileSync(file, line(4).slice(33));
  expect(await source.news()).toMatchObject({ page: { lines: [{ text: 'line 4' }], unfinished: undefined } });
});

it('goes through a long log backwards and forwards without losing a line, over a line longer than a page', async () => {
  const lines = Array.from({ length: 40_000 }, (_, n) => line(n));
  lines[20_000] = `${'y'.repeat(1_500_000)}\n`;
  const source = new LogSource(logFile(lines.join('')));
  let page = await source.end();
  const back = [...page.lines];
  while (page.from > 0) {
    page = await source.before(page.from);
    back.unshift(...page.lines);
  }
  expect(back).toHaveLength(40_000);
  let next = await source.after(0);
  const forth = [...next.lines];
  while (next.until < next.size) {
    next = await source.after(next.until);
    forth.push(...next.lines);
  }
  expect(forth.map(({ offset }) => offset)).toEqual(back.map(({ offset }) => offset));
  expect((await source.search('line 3999', ALL_LINES)).length).toBe(11);
});

it('a log that was not there yet goes on from nothing, and was not cut', async () => {
  const file = logFile('');
  rmSync(file);
  const source = new LogSource(file);
  expect(await source.end()).toMatchObject({ lines: [], size: 0 });
  expect(await source.news()).toEqual({ kind: 'same' });
  writeFileSync(file, line(1));
  expect(await source.news()).toMatchObject({
    kind: 'added',
    page: { from: 0, lines: [{ text: 'line 1' }] },
  });
  appendFileSync(file, line(2));
  expect(await source.news()).toMatchObject({ kind: 'added', page: { lines: [{ text: 'line 2' }] } });
});

it('a log that was cut, emptied, replaced or removed is read anew', async () => {
  const file = logFile(line(1) + line(2));
  const source = new LogSource(file);
  await source.end();
  truncateSync(file, 10);
  expect(await source.news()).toMatchObject({
    kind: 'renewed',
    page: { lines: [], unfinished: { offset: 0 } },
  });
  writeFileSync(`${file}.new`, line(7) + line(8));
  renameSync(`${file}.new`, file);
  expect(await source.news()).toMatchObject({
    kind: 'renewed',
    page: { lines: [{ text: 'line 7' }, { text: 'line 8' }] },
  });
  rmSync(file);
  expect(await source.news()).toMatchObject({ kind: 'renewed', page: { lines: [], size: 0 } });
  expect(await source.news()).toEqual({ kind: 'same' });
});

it('a log whose middle was cut out is read anew, also when it has grown past its old length since', async () => {
  const file = logFile(Array.from({ length: 100 }, (_, n) => line(n)).join(''));
  const source = new LogSource(file);
  await source.end();
  appendFileSync(file, Array.from({ length: 30 }, (_, n) => line(n + 100)).join(''));
  expect(capLog(file, { head: 500, tail: 2_000 })).toBe(true);
  appendFileSync(file, Array.from({ length: 200 }, (_, n) => line(n + 130)).join(''));
  const news = await source.news();
  expect(news.kind).toBe('renewed');
  expect(news.kind === 'renewed' && news.page.lines.at(-1)?.text).toBe('line 329');
});
