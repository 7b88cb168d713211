import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  findOccurrences,
  includesText,
  lineStyle,
  splitLines,
  startLine,
  toLogLines,
} from '../../../../src/tui/features/log/log-line.ts';
import {
  currentTop,
  describePosition,
  lastTop,
  rowsOnScreen,
} from '../../../../src/tui/features/log/log-rows.ts';
import type { LogPage } from '../../../../src/tui/features/log/model.ts';
import {
  EMPTY_LOG,
  type LogEvent,
  type LogRequest,
  type LogSlice,
  type LogView,
  MAX_LINES,
} from '../../../../src/tui/features/log/model.ts';
import { formatHitPosition, reduceLog } from '../../../../src/tui/features/log/reduce-log.ts';

const VIEW: LogView = { columns: 60, rows: 5, timezone: 'UTC' };

/** A page of lines as they would lie in a file from a byte on. */
function page(messages: readonly string[], from = 0, level = 'INFO '): LogPage {
  const text = messages.map((message) => `2026-11-25T09:00:00.000Z ${level} ${message}\n`).join('');
  const lines = toLogLines(splitLines(startLine(from), Buffer.from(text)).lines);
  const until = from + Buffer.byteLength(text);
  return { lines, from, until, unfinished: undefined, size: until };
}

function after(
  events: readonly LogEvent[],
  slice: LogSlice = EMPTY_LOG,
  view = VIEW,
): { slice: LogSlice; requests: LogRequest[] } {
  const requests: LogRequest[] = [];
  let now = slice;
  for (const event of events) {
    const step = reduceLog(now, view, event);
    now = step.slice;
    requests.push(...step.requests);
  }
  return { slice: now, requests };
}

const numbers = (count: number, first = 0) => Array.from({ length: count }, (_, n) => `line ${n + first}`);
const screen = (slice: LogSlice, view = VIEW) =>
  rowsOnScreen(slice, view).map(({ spans }) =>
    spans
      .filter(({ kind }) => kind === 'text' || kind === 'hit')
      .map(({ text }) => text)
      .join(''),
  );

it('follows the end until one scrolls, then counts what came, and goes back to the end', () => {
  const first = page(numbers(20));
  const { slice } = after([{ kind: 'end', page: first }]);
  expect(screen(slice)).toEqual(numbers(5, 15));
  const up = after([{ kind: 'scroll', rows: -2 }], slice).slice;
  expect(screen(up)).toEqual(numbers(5, 13));
  const more = page(numbers(12, 20), first.until);
  const later = after([{ kind: 'added', page: more }], up).slice;
  expect(screen(later)).toEqual(numbers(5, 13));
  expect([later.follow, later.unseen]).toEqual([false, 12]);
  const back = after([{ kind: 'bottom' }], later).slice;
  expect(screen(back)).toEqual(numbers(5, 27));
  expect([back.follow, back.unseen]).toEqual([true, 0]);
  const seen = after([{ kind: 'scroll', rows: 99 }], later).slice;
  expect([screen(seen), seen.follow, seen.unseen]).toEqual([numbers(5, 27), false, 0]);
});

it('a log that fits on the screen keeps being followed after scrolling', () => {
  const { slice } = after([
    { kind: 'end', page: page(numbers(3)) },
    { kind: 'scroll', rows: -1 },
    { kind: 'scroll', rows: 1 },
  ]);
  expect(slice.follow).toBe(true);
  expect(screen(slice)).toEqual(numbers(3));
});

it('reads older lines as one comes near the first that are held, and nothing moves on the screen', () => {
  const first = page(numbers(50));
  const held = { ...page(numbers(50, 50), first.until) };
  const { slice } = after([{ kind: 'end', page: held }]);
  const step = after([{ kind: 'scroll', rows: -43 }], slice);
  expect(step.requests).toEqual([{ kind: 'older', before: first.until }]);
  const before = screen(step.slice);
  const { slice: whole } = after([{ kind: 'older', page: first }], step.slice);
  expect(screen(whole)).toEqual(before);
  expect(whole.lines).toHaveLength(100);
  expect(screen(after([{ kind: 'start' }], whole).slice)).toEqual(numbers(5));
});

it('holds no more lines than it may, and lets go of those that are farther away', () => {
  const first = page(numbers(8_000));
  const second = page(numbers(8_000, 8_000), first.until);
  const { slice } = after([
    { kind: 'end', page: second },
    { kind: 'scroll', rows: -7_999 },
    { kind: 'older', page: first },
  ]);
  expect(slice.lines).toHaveLength(MAX_LINES);
  expect(slice.atEnd).toBe(false);
  const { requests, slice: bottom } = after([{ kind: 'bottom' }], slice);
  expect(requests).toEqual([{ kind: 'end' }]);
  const again = after([{ kind: 'end', page: second }], bottom).slice;
  expect(screen(again)).toEqual(numbers(5, 15_995));
  const grown = after([{ kind: 'added', page: page(numbers(3_000, 16_000), second.until) }], again).slice;
  expect(grown.lines).toHaveLength(MAX_LINES);
  expect(grown.from).toBe(grown.lines[0]?.offset);
});

it('finds in the lines that are held what a plain count finds, and n goes through all of them in turn', () => {
  const word = fc.constantFrom('price', 'Price', 'ok', 'p', '価格', '', 'İ', 'a.b');
  fc.assert(
    fc.property(
      fc.array(
        fc.array(word).map((words) => words.join(' ')),
        { minLength: 1 },
      ),
      word,
      (messages, wanted) => {
        const { slice } = after([
          { kind: 'end', page: page(messages) },
          { kind: 'wanted', text: wanted },
          { kind: 'search' },
        ]);
        const lower = wanted === wanted.toLowerCase();
        const naive = messages.filter((message) =>
          (lower ? message.toLowerCase() : message).includes(wanted),
        ).length;
        if (wanted === '') {
          expect(slice.search).toBeUndefined();
          return;
        }
        // Only İ becomes two letters when it is made small.
        if (!(lower && messages.some((message) => message.includes('İ'))))
          expect(slice.search?.hits).toHaveLength(naive);
        const visited = new Set<number | null | undefined>([slice.search?.at]);
        let now = slice;
        for (let turn = 1; turn < (slice.search?.hits.length ?? 0); turn += 1) {
          now = after([{ kind: 'hit', direction: 1 }], now).slice;
          visited.add(now.search?.at);
          expect(rowsOnScreen(now, VIEW).some(({ isHit }) => isHit)).toBe(true);
        }
        expect(visited.size).toBe(Math.max(1, slice.search?.hits.length ?? 0));
      },
    ),
  );
});

it('searches the whole log when it holds a part of it, and goes where a hit is that is not held', () => {
  const first = page(['needle', ...numbers(20)]);
  const second = page([...numbers(20, 20), 'another needle'], first.until);
  const typed = after([
    { kind: 'end', page: second },
    { kind: 'wanted', text: 'needle' },
  ]).slice;
  expect(typed.search && formatHitPosition(typed.search)).toBe('1+ found');
  const asked = after([{ kind: 'search' }], typed);
  expect(asked.requests).toEqual([{ kind: 'search', query: 'needle', filter: typed.filter }]);
  const hits = [0, second.lines.at(-1)?.offset ?? 0];
  const found = after([{ kind: 'found', query: 'needle', filter: typed.filter, hits }], asked.slice).slice;
  expect(found.search && formatHitPosition(found.search)).toBe('2 of 2');
  const wrapped = after([{ kind: 'hit', direction: 1 }], found);
  expect(wrapped.requests).toEqual([{ kind: 'around', offset: 0 }]);
  const there = after(
    [{ kind: 'around', offset: 0, before: page([], 0), after: first }],
    wrapped.slice,
  ).slice;
  expect(screen(there)[0]).toBe('needle');
  expect(rowsOnScreen(there, VIEW)[0]?.spans.find(({ kind }) => kind === 'hit')?.text).toBe('needle');
  expect(there.follow).toBe(false);
});

it('hides lines below a level, and goes to the first error, also outside the part in memory', () => {
  const info = page(numbers(5));
  const bad = page(['it broke'], info.until, 'ERROR');
  const { slice } = after([
    { kind: 'end', page: info },
    { kind: 'added', page: bad },
    { kind: 'level', minLevel: 'warn' },
  ]);
  expect(screen(slice)).toEqual(['it broke']);
  const all = after([{ kind: 'level', minLevel: 'debug' }, { kind: 'to_error' }], slice).slice;
  expect(screen(all)).toContain('it broke');
  const part = after([
    { kind: 'end', page: { ...info, from: 500, until: info.until + 500 } },
    { kind: 'to_error' },
  ]);
  expect(part.requests.at(-1)).toMatchObject({ kind: 'first_error', filter: { minLevel: 'error' } });
});

it('shows only lines with a text, or without it', () => {
  const { slice } = after([
    { kind: 'end', page: page(['price 1', 'Price 2', 'other']) },
    { kind: 'filter', text: 'price' },
  ]);
  expect(screen(slice)).toEqual(['price 1', 'Price 2']);
  expect(screen(after([{ kind: 'filter', text: '!price' }], slice).slice)).toEqual(['other']);
  const grown = after([{ kind: 'added', page: page(['a price', 'nothing'], slice.until) }], slice).slice;
  expect(screen(grown)).toEqual(['price 1', 'Price 2', 'a price']);
});

it('the screen is full after any scrolling and wrapping, and wrapping twice changes nothing', () => {
  const message = fc
    .array(fc.constantFrom('wort ', '価格', 'x'.repeat(40), 'é'), { maxLength: 12 })
    .map((parts) => parts.join(''));
  const event = fc.oneof(
    fc.record({ kind: fc.constant('scroll' as const), rows: fc.integer({ min: -30, max: 30 }) }),
    fc.record({ kind: fc.constant('sideways' as const), cells: fc.integer({ min: -50, max: 50 }) }),
    fc.constantFrom<LogEvent>(
      { kind: 'wrap' },
      { kind: 'timestamps' },
      { kind: 'start' },
      { kind: 'bottom' },
      { kind: 'follow' },
    ),
  );
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 25 }),
      fc.array(event),
      fc.integer({ min: 30, max: 80 }),
      fc.constantFrom('INFO ', 'ERROR'),
      (messages, events, columns, level) => {
        const view = { ...VIEW, columns };
        const first = { kind: 'end', page: page(messages, 0, level) } as const;
        const { slice } = after([first, ...events], EMPTY_LOG, view);
        const rows = rowsOnScreen(slice, view);
        const most = after([{ kind: 'start' }], slice, view).slice;
        expect(rows.length).toBe(rowsOnScreen(most, view).length);
        const twice = after([{ kind: 'wrap' }, { kind: 'wrap' }], slice, view).slice;
        const line = (each: LogSlice) => currentTop(each, view).offset;
        expect(line(twice)).toBe(line(slice));
        const once = after([{ kind: 'wrap' }], slice, view).slice;
        // The line that was on top, also where the screen would not be full below it in the other way.
        const tops = [line(slice), slice.top.offset, lastTop(once, view).offset];
        const kept = slice.follow || tops.includes(line(once));
        expect(kept).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

it('moves to the side no farther than the widest line on the screen goes', () => {
  const { slice } = after([
    { kind: 'end', page: page(['x'.repeat(100), 'short']) },
    { kind: 'sideways', cells: 500 },
  ]);
  expect(slice.left).toBe(100 - (60 - 19));
  expect(screen(slice)).toEqual(['x'.repeat(41), '']);
  expect(after([{ kind: 'sideways', cells: 0 }], slice).slice.left).toBe(0);
});

it('a log that was cut stays at the line that was on top, and is searched again', () => {
  const { slice } = after([
    { kind: 'end', page: page(numbers(30)) },
    { kind: 'wanted', text: 'line 2' },
    { kind: 'search' },
    { kind: 'scroll', rows: -99 },
    { kind: 'scroll', rows: 18 },
  ]);
  expect(screen(slice)[0]).toBe('line 18');
  const cut = after([{ kind: 'renewed', page: page(numbers(25, 10), 0) }], slice);
  expect(screen(cut.slice)[0]).toBe('line 18');
  expect(cut.slice.renewed).toBe(true);
  expect(cut.requests).toMatchObject([{ kind: 'search', query: 'line 2' }]);
});

it('new lines that do not join those in memory are read anew, overlapping ones are added once', () => {
  const first = page(numbers(10));
  const { slice } = after([{ kind: 'end', page: first }]);
  const both = page(numbers(12));
  expect(after([{ kind: 'added', page: both }], slice).slice.lines).toHaveLength(12);
  const gap = after([{ kind: 'added', page: page(numbers(3), first.until + 100) }], slice);
  expect(gap.requests).toEqual([{ kind: 'end' }]);
});

it('matches of a text are at its positions, one after the other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 3 }), (line, wanted) => {
      const places = findOccurrences(line, wanted);
      expect(places.length > 0).toBe(includesText(line, wanted));
      for (const [index, { start, end }] of places.entries()) {
        expect(includesText(line.slice(start, end), wanted)).toBe(true);
        expect(start).toBeGreaterThanOrEqual(places[index - 1]?.end ?? 0);
      }
    }),
  );
});

it('a line that is cut loses the host of its address before its result, and says that it is cut', () => {
  const of = (path: string, slice: Partial<LogSlice> = {}) => {
    const line = `http://127.0.0.1:37483/${path}: HTTP 200, 20 items, 2.7 KB`;
    const view = { ...VIEW, columns: 80 };
    return screen(
      { ...after([{ kind: 'end', page: page([line]) }], EMPTY_LOG, view).slice, ...slice },
      view,
    )[0];
  };
  expect(of('a')).toBe('http://127.0.0.1:37483/a: HTTP 200, 20 items, 2.7 KB');
  expect(of('catalogue/page-34.html')).toBe('…/catalogue/page-34.html: HTTP 200, 20 items, 2.7 KB');
  expect(of('catalogue/'.repeat(9))).toMatch(/^….*…$/);
  expect(of('catalogue/page-34.html', { left: 16 })).toBe(
    ':37483/catalogue/page-34.html: HTTP 200, 20 items, 2.7 KB',
  );
});

it('a line that says what went wrong is never cut; the others have one row', () => {
  const line = 'checks failed: price is empty in 60 items of 60; the selector of price matched nothing';
  const levels = ['INFO ', 'WARN ', 'ERROR', 'DEBUG'];
  const rowsOf = (level: string) => screen(after([{ kind: 'end', page: page([line], 0, level) }]).slice);
  expect(levels.map((level) => rowsOf(level).length)).toEqual([1, 3, 3, 1]);
  for (const level of ['WARN ', 'ERROR']) expect(rowsOf(level).join(' ')).toBe(line);
  expect(rowsOf('INFO ').join('')).toMatch(/…$/);
});

it('the side to which one moves is that of the lines that are cut', () => {
  const error = page(['e'.repeat(200)], 0, 'ERROR');
  const info = page(['x'.repeat(100)], error.until);
  const both = { ...info, lines: [...error.lines, ...info.lines], from: 0 };
  const view = { ...VIEW, rows: 9 };
  const { slice } = after(
    [
      { kind: 'end', page: both },
      { kind: 'sideways', cells: 500 },
    ],
    EMPTY_LOG,
    view,
  );
  expect(slice.left).toBe(100 - (60 - 19));
  expect(screen(slice, view)).toEqual([
    ...Array.from({ length: 4 }, () => 'e'.repeat(41)),
    'e'.repeat(36),
    'x'.repeat(41),
  ]);
});

it('the style of a line is that of its level', () => {
  const levels = ['error', 'warn', 'info', 'debug', null] as const;
  expect(levels.map((level) => lineStyle({ level }))).toEqual(['bad', 'warning', 'plain', 'faint', 'plain']);
});

const positionOf = (slice: LogSlice, view = VIEW) => describePosition(slice, view);

it('the position in a log is that of the lines on the screen, of those that pass the filter', () => {
  const { slice } = after([{ kind: 'end', page: page(numbers(1_320)) }]);
  expect(positionOf(slice)).toBe('lines 1,316–1,320 of 1,320');
  expect(positionOf(after([{ kind: 'start' }], slice).slice)).toBe('lines 1–5 of 1,320');
  expect(positionOf(after([{ kind: 'filter', text: 'line 131' }], slice).slice)).toBe('lines 7–11 of 11');
});

it('the position in a log is a count where all lines are in sight, and nothing where there are none', () => {
  expect(positionOf(after([{ kind: 'end', page: page(numbers(5)) }]).slice)).toBe('5 lines');
  expect(positionOf(EMPTY_LOG)).toBe('');
  const long = page(['a word '.repeat(60)], 0, 'ERROR');
  expect(positionOf(after([{ kind: 'end', page: long }]).slice)).toBe('line 1 of 1');
});

it('the position in a log is a share of the file while not all of it is in memory', () => {
  const first = page(numbers(50));
  const { slice } = after([{ kind: 'end', page: page(numbers(50, 50), first.until) }]);
  expect(positionOf(slice)).toBe('100% of 3.9 KB');
  expect(positionOf(after([{ kind: 'scroll', rows: -45 }], slice).slice)).toBe('54% of 3.9 KB');
});

it('wrapped lines break at words', () => {
  const line = 'checks failed: price is empty in 60 items of 60; the selector of price matched nothing';
  const { slice } = after([{ kind: 'end', page: page([line]) }]);
  const rows = screen({ ...slice, wrap: true });
  expect(rows.join(' ')).toBe(line);
  expect(rows.length).toBeGreaterThan(1);
});
