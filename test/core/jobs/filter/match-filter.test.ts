import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchRows } from '../../../../src/core/jobs/filter/match-filter.ts';
import { parseFilter } from '../../../../src/core/jobs/filter/parse-filter.ts';
import { JOB_STATES } from '../../../../src/core/jobs/job-display-state.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW, pastRun } from '../../../tui/job-rows.ts';

/** A free text as one term, whatever it contains. */
const quoteText = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const ROWS = [
  jobRow('books', {
    description: 'Straßen und Bücher',
    tags: ['Price', 'daily'],
    hosts: ['books.example'],
    nextRun: NOW + HOUR / 2,
  }),
  jobRow('news', {
    configName: 'press',
    state: 'failed',
    last: pastRun({ status: 'failed', ago: 5 * MINUTE }),
    failures: 3,
  }),
  jobRow('prices', {
    tags: ['price'],
    hosts: ['a.example', 'b.example:81'],
    nextRun: NOW + 50 * HOUR,
    updatedBy: 'mcp',
    last: pastRun({ items: 4, ago: HOUR, tookMs: 6 * MINUTE }),
    itemsBefore: 9,
    itemChange: -5,
  }),
  jobRow('broken', { state: 'invalid', definition: null, configName: null, updatedBy: null }),
];

const found = (text: string, rows: readonly JobRow[] = ROWS) =>
  matchRows(rows, parseFilter(text), NOW).map(({ id }) => id);

it.each([
  ['', ['books', 'news', 'prices', 'broken']],
  ['BÜCHER strasse', ['books']],
  ['price', ['books', 'prices']],
  ['press', ['news']],
  ['!price', ['news', 'broken']],
  ['state:failed,invalid', ['news', 'broken']],
  ['!state:ok', ['news', 'broken']],
  ['tag:"price"', ['books', 'prices']],
  ['tag:pri !tag:daily', ['prices']],
  ['tag:none', ['news', 'broken']],
  ['host:b.example', ['prices']],
  ['config:shop', ['books', 'prices']],
  ['by:agent', ['prices']],
  ['next<1h', ['books']],
  ['next>2d', ['prices']],
  ['next:none', ['news', 'broken']],
  ['last<10m', ['news']],
  ['last:none', ['books', 'broken']],
  ['took>5m', ['prices']],
  ['items<5 !items:0', ['prices']],
  ['change<0', ['prices']],
  ['fails>2', ['news']],
  ['price next<1h', ['books']],
  ['nothing', []],
])('%s finds %j', (text, ids) => {
  expect(found(text)).toEqual(ids);
});

it('with nothing to filter by, it is the same array', () => {
  expect(matchRows(ROWS, parseFilter('state:'), NOW)).toBe(ROWS);
});

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((text) => !/\s/.test(text));
const row = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    description: fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
    tags: fc.array(word, { maxLength: 3 }),
    state: fc.constantFrom(...JOB_STATES),
    nextRun: fc.option(fc.integer({ min: NOW, max: NOW + 100 * HOUR })),
  })
  .map(({ id, ...fields }) => jobRow(id, fields));
const term = fc.oneof(
  fc.constantFrom(
    'state:failed',
    'state:ok,new',
    'tag:a',
    'next<1d',
    'next>2h',
    'id:a',
    '!b',
    'items<5',
    'a',
  ),
  word.map(quoteText),
);

it('two terms match what both match; a negated one what it does not', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), term, term, (rows, one, other) => {
      const [both, first, second] = [`${one} ${other}`, one, other].map((text) =>
        matchRows(rows, parseFilter(text), NOW),
      );
      expect(both).toEqual(first?.filter((each) => second?.includes(each)));
      const not = one.startsWith('!') ? one.slice(1) : `!${one}`;
      const rest = matchRows(rows, parseFilter(not), NOW);
      expect(rest).toEqual(rows.filter((each) => !first?.includes(each)));
    }),
  );
});

it('finds ß, ẞ and SS alike, and each sigma', () => {
  const each = jobRow('one', { description: 'Straße GROẞ ΣΊΣΥΦΟΣ', tags: [], state: 'ok', nextRun: null });
  for (const typed of ['strasse', 'STRAẞE', 'straße', 'gross', 'groß', 'σίσυφος', 'Σίσυφοσ'])
    expect(matchRows([each], parseFilter(typed), NOW), typed).toEqual([each]);
});

it('every word of a job finds it, in any capitals', () => {
  fc.assert(
    fc.property(row, fc.boolean(), (each, upper) => {
      // A Greek iota below an accented letter changes places with the accent when it is written as a capital.
      fc.pre(![each.description, ...each.tags].join().normalize('NFD').includes('\u0345'));
      for (const text of [
        each.id,
        ...each.tags,
        ...each.description.split(' ').filter((part) => part !== ''),
      ]) {
        const typed = quoteText(upper ? text.toUpperCase() : text.toLowerCase());
        expect(matchRows([each], parseFilter(typed), NOW), typed).toEqual([each]);
      }
    }),
  );
});
