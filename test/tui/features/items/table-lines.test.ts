import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { columnsTable } from '../../../../src/tui/features/items/columns-table.ts';
import {
  describePosition,
  figureFormat,
  formatNumber,
} from '../../../../src/tui/features/items/describe-position.ts';
import { formatShare } from '../../../../src/tui/features/items/missing-values.ts';
import { EMPTY_ITEMS, type ItemsEvent, noticeSubject } from '../../../../src/tui/features/items/model.ts';
import { openItems } from '../../../../src/tui/features/items/reducer.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../../src/tui/kernel/notices.ts';
import type { MouseInput } from '../../../../src/tui/ui/input.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { itemPage } from '../../item-page.ts';
import { run } from '../../run-output.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const TITLES = ['Attic', 'A Gentle History of the Less and the More, in Two Parts', 'Ninety-Nine Days'];
const BOOKS = TITLES.map((title, n) => ({
  title,
  price: `£${50 + n}.02`,
  rating: 'star-rating Three',
  availability: n === 1 ? 'Out of stock' : 'In stock',
  isbn: null,
  link: `http://127.0.0.1:8080/catalogue/${title.toLowerCase().replaceAll(' ', '-')}/index.html`,
}));
const POUNDS = ['£', ''] as const;
const NUMBERS = { numbers: 3, sum: 153.06, min: 50.02, max: 52.02, median: 51.02, unit: POUNDS };
const TEXTS = { numbers: 0, sum: 0, min: 0, max: 0, median: undefined, unit: ['', ''] } as const;

/** The items of a run and their figures, on a screen of this size. */
function shown(columns: number, rows: number, price: typeof NUMBERS = NUMBERS): State {
  const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'j', runId: 'r' }];
  const before = someState({ views, columns, rows });
  const opened = { ...before, items: { ...before.items, jobId: 'j', runId: 'r' } };
  const figures = Object.keys(BOOKS[0] ?? {}).map((field) => ({
    field,
    filled: field === 'isbn' ? 0 : 3,
    ...(field === 'price' ? price : TEXTS),
  }));
  const events: ItemsEvent[] = [
    { kind: 'page', page: itemPage(BOOKS) },
    { kind: 'figures', asks: 0, figures, fields: figures.map(({ field }) => field) },
  ];
  return events.reduce((state, event) => reduce(state, { kind: 'items', runId: 'r', event }).state, opened);
}

function clickOn(row: number, column: number): MouseInput {
  const keys = { shift: false, alt: false, ctrl: false };
  return { kind: 'mouse', what: 'press', button: 'left', column, row, ...keys };
}

it('narrows the longest texts so that short columns are whole, and says how many more there are', () => {
  const lines = frameOf(shown(80, 24));
  expectFit(lines, 80, 24);
  expect(lines[1]).toMatch(/^1 of 3 items +1 more column →$/);
  expect(lines[4]).toMatch(/^ +A Gentle History of.*…│ +£51\.02│ star-rating Three│ Out of stock/);
  const right = frameOf(press(shown(80, 24), 'l', 'l', 'l', 'l', 'l').state);
  expect(right[1]).toMatch(/^1 of 3 items +← \d more columns?$/);
});

it('gives the room of a wide screen to what is cut', () => {
  const lines = frameOf(shown(200, 50));
  expectFit(lines, 200, 50);
  expect(lines[1]?.trim()).toBe('1 of 3 items');
  expect(lines[4]).toContain(TITLES[1]);
  expect(lines[4]).toContain('in-two-parts/index.html');
  // Where one address is cut, all of them are.
  const narrower = frameOf(shown(170, 35));
  expect(narrower.slice(3, 6).every((line) => / …\/\S+$/.test(line.trimEnd()))).toBe(true);
});

it('has the share of items with a value in each title before texts grow', () => {
  const sharesAt = (columns: number, rows: number) => frameOf(shown(columns, rows))[2]?.match(/\w+ \d+ ?%/g);
  const [title, rating, isbn, link] = ['title 100 %', 'rating 100 %', 'isbn 0 %', 'link 100 %'];
  expect(sharesAt(240, 50)).toEqual([title, 'price 100 %', rating, 'availability 100 %', isbn, link]);
  expect(sharesAt(120, 35)).toEqual([title, 'price 100 %', rating, 'availability 100 %', isbn, link]);
});

it('gives the room beside the titles to the texts first, and to the end of addresses after them', () => {
  const lines = frameOf(shown(150, 35));
  expect(lines[4]).toContain(TITLES[1]?.slice(0, 39));
  expect(lines[5]).toMatch(/│ …\/ninety-nine-days\/index/);
});

it('has the same share in the title and in the description of all columns', () => {
  expect([formatShare(52, 60), formatShare(0, 60), formatShare(60, 60)]).toEqual(['87 %', '0 %', '100 %']);
  expect([formatShare(1, 1_000), formatShare(999, 1_000)]).toEqual(['<1 %', '99 %']);
  const described = { type: 'text', filled: 52, distinct: 52, isCut: false } as const;
  const { rows } = columnsTable({ rows: 60, columns: [{ field: 'price', ...described }] }, 80);
  expect(rows[0]).toContain('87 %');
});

/** A screen with lines of which some are no items. */
function withDamage(...events: ItemsEvent[]): State {
  const damaged = { count: 2, rows: [1, 2] };
  const figures: ItemsEvent = {
    ...{ kind: 'figures', asks: 0, fields: ['title'], damaged },
    figures: [{ field: 'title', filled: 1, ...TEXTS }],
  };
  const lines = [{ title: 'Attic' }, { '…': 'a line that is no item' }, { '…': 'a line that is no item' }];
  const page: ItemsEvent = { kind: 'page', page: itemPage(lines) };
  const state = shown(80, 24);
  const fresh = { ...state, items: { ...state.items, slice: EMPTY_ITEMS } };
  return [page, figures, ...events].reduce(
    (before, event) => reduce(before, { kind: 'items', runId: 'r', event }).state,
    fresh,
  );
}

it('says how many lines are damaged, and counts the items without them', () => {
  const lines = frameOf(withDamage());
  expect(lines[1]?.trim()).toBe('1 of 3 lines · 1 item · 2 lines damaged');
  expect(lines[2]).toContain('title 100 %');
  expect(lines.join('\n')).toContain('title: 1 of 1 have a value');
  const asked = press(withDamage(), 'x').state;
  expect(frameOf(asked).join('\n')).toContain('Write 1 item to: ');
  // What is sorted or filtered has only items.
  const sorted = press(withDamage(), 's').state;
  const page: ItemsEvent = {
    kind: 'page',
    page: itemPage([{ title: 'Attic' }], { all: 3, asks: sorted.items.slice.asks }),
  };
  const { state: read } = reduce(sorted, { kind: 'items', runId: 'r', event: page });
  expect(frameOf(read)[1]?.trim()).toBe('1 of 1 item · 2 lines damaged · by title');
});

it('names no order by a column that the run lacks', () => {
  const { slice } = shown(80, 24).items;
  const by = (field: string) =>
    describePosition({
      ...{ jobId: 'j', runId: 'r' },
      slice: { ...slice, table: { ...slice.table, sort: { field, descending: false } } },
    });
  expect(by('price')).toBe('1 of 3 items · by price');
  expect(by('weight')).toBe('1 of 3 items');
});

it('has a short form for numbers beyond what can be written out', () => {
  expect([1e308, -1e308, 1.5e20, 999_999].map((number) => formatNumber(number))).toEqual([
    '1e308',
    '-1e308',
    '1.5e20',
    '999,999',
  ]);
  const show = figureFormat({ unit: POUNDS, min: -1e308, max: 25.2 });
  expect([show(-1e308), show(25.2)]).toEqual(['-£1e308', '£25.2']);
  expect(figureFormat({ unit: POUNDS, min: 25.2, max: 40.3, decimals: 2 })(189.2)).toBe('£189.20');
});

it('keeps the first column in sight while one goes to the right', () => {
  const right = press(shown(80, 24), 'l', 'l', 'l', 'l', 'l').state;
  const lines = frameOf(right);
  expectFit(lines, 80, 24);
  expect(lines[1]).toMatch(/← \d more columns?$/);
  expect(lines[2]).toMatch(/^ +title .*link/);
  expect(lines[5]).toMatch(/^ +Ninety-Nine Days .*ninety-nine-days/);
  const back = press(right, 'h', 'h', 'h', 'h', 'h').state;
  expect(frameOf(back)[2]).toBe(frameOf(shown(80, 24))[2]);
});

it('sorts by the column whose heading is clicked', () => {
  const click = (state: State, text: string) =>
    reduce(state, clickOn(2, frameOf(state)[2]?.indexOf(text) ?? -1)).state;
  const sorted = click(shown(120, 35), 'price');
  expect(sorted.items.slice.table).toMatchObject({
    field: 'price',
    sort: { field: 'price', descending: false },
  });
  expect(click(sorted, 'price').items.slice.table.sort).toEqual({ field: 'price', descending: true });
  // At the right of a scrolled table, too.
  const right = press(shown(80, 24), 'l', 'l', 'l', 'l', 'l').state;
  expect(click(right, 'link').items.slice.table.sort?.field).toBe('link');
  // A line between two columns is none of them.
  const between = frameOf(shown(120, 35))[2]?.indexOf('│') ?? -1;
  expect(reduce(shown(120, 35), clickOn(2, between)).state.items.slice.table.sort).toBe(undefined);
});

it('says that there are no items, whatever asks for one', () => {
  const opened = shown(80, 24);
  const fresh = { ...opened, items: { ...opened.items, slice: EMPTY_ITEMS } };
  const event: ItemsEvent = { kind: 'page', page: itemPage([]) };
  const { state: empty } = reduce(fresh, { kind: 'items', runId: 'r', event });
  for (const key of ['enter', 'space', 's', 'F', 'I'])
    expect(visibleNotice(press(empty, key).state)?.text).toMatch(/(?:^|: )There are no items\.$/);
});

it('takes an error about the items of a run away when those of another run are opened', () => {
  const said = (state: State, runId: string) =>
    reduce(state, { kind: 'said', tone: 'bad', text: 'No space.', subject: noticeSubject(runId) }).state;
  const runs = (runId: string) => ({ jobId: 'j', runId });
  const failed = said(shown(80, 24), 'r');
  expect(visibleNotice(openItems(failed, runs('r'), 'items').state)?.text).toBe('No space.');
  expect(visibleNotice(openItems(failed, runs('other'), 'items').state)).toBeUndefined();
});

it('has the share also behind the sign of the order', () => {
  expect(frameOf(press(shown(120, 35), 'l', 's').state)[2]).toMatch(/price▲ 100 %/);
});

it('keeps the share below 100 % of a field whose gaps are beyond the items that were read', () => {
  const state = shown(120, 35);
  const figures = [{ field: 'availability', filled: 2, ...TEXTS }];
  const event: ItemsEvent = { kind: 'figures', asks: 0, figures, fields: undefined };
  const { state: counted } = reduce(state, { kind: 'items', runId: 'r', event });
  expect(frameOf(counted)[2]).toContain('availability 67 %');
});

it('marks cells without a value: with a warning where the run needs one, and less where it does not', () => {
  const [book] = BOOKS;
  const check = { check: 'required_fields', field: 'price', passed: false, found: 0 } as const;
  const rest = { expected: 100, usual: null, good_runs: 0, suspect: null, message: '' };
  const state = shown(120, 35);
  const runs = { ...state.runs, jobId: 'j', runs: [run('r', { checks: [{ ...check, ...rest }] })] };
  const event: ItemsEvent = { kind: 'page', page: itemPage([{ ...book, price: null }]) };
  const missing = reduce({ ...state, runs }, { kind: 'items', runId: 'r', event }).state;
  expect(frameOf(missing)[3]).toMatch(/Attic +│ +—│ star-rating Three│ In stock +│ +·│ /);
  // The run may be gone from the list.
  const unknown = reduce(state, { kind: 'items', runId: 'r', event }).state;
  expect(frameOf(unknown)[3]).toMatch(/Attic +│ +·│ star-rating Three/);
});

it('says below a file name which formats there are, or what is wrong with it', () => {
  const asked = press(shown(80, 24), 'x').state;
  const help = 'The ending chooses the format: .csv .json .jsonl .xlsx .sqlite';
  const lines = frameOf(asked);
  expectFit(lines, 80, 24);
  expect(lines.at(-4)).toMatch(/^Write 3 items to: j-r\.csv/);
  expect(lines.at(-3)?.trim()).toBe(help);
  const wrong = frameOf(press(asked, 'backspace').state).at(-3)?.trim();
  expect(wrong).toBe('End it in .csv, .json, .jsonl, .xlsx or .sqlite');
  // A small screen has the one line.
  const small = frameOf(press(shown(120, 12), 'x').state).at(-3);
  expect(small).toMatch(new RegExp(`^Write 3 items to: j-r\\.csv .*${help.slice(0, 40)}`));
});

it('says in full what is wrong in a filter, also on a narrow screen, and otherwise which fields there are', () => {
  const opened = press(shown(80, 24), '/').state;
  expect(frameOf(opened).join('\n')).toContain('Fields: title, price, rating, availability, isbn, link');
  const problem = 'there is no field prise. Did you mean price?';
  for (const rows of [24, 12]) {
    const state = press(shown(80, rows), '/', ...'prise>50').state;
    const wrong = frameOf(press(state, 'enter').state);
    expectFit(wrong, 80, rows);
    expect(wrong.join('\n')).toMatch(/Filter: prise>50/);
    expect(wrong.join('\n')).toContain(problem);
  }
});

it('Space marks an item and goes to the next one', () => {
  const { slice } = press(shown(80, 24), 'space', 'space').state.items;
  expect([[...slice.table.marked], slice.row]).toEqual([[0, 1], 2]);
});

it('copies the columns as they are arranged, and from a whole item all of them', () => {
  const hidden = press(shown(80, 24), '-').state;
  const copied = (state: State) =>
    press(state, 'y').effects.flatMap((effect) =>
      effect.kind === 'copy' ? [effect.what, Object.keys(JSON.parse(effect.text) as object)] : [],
    );
  const all = Object.keys(BOOKS[0] ?? {});
  expect(copied(shown(80, 24))).toEqual(['1 item', all]);
  expect(copied(hidden)).toEqual(['1 item without 1 hidden column', all.slice(1)]);
  expect(copied(press(hidden, 'enter').state)).toEqual(['1 item', all]);
  expect(press(hidden, 'space', 'y').effects).toContainEqual(
    expect.objectContaining({ kind: 'copy_items', rows: [0], fields: all.slice(1) }),
  );
});

it('wraps the figures of a column, with their sign and the median', () => {
  const narrow = frameOf(press(shown(80, 24), 'l').state);
  expectFit(narrow, 80, 24);
  expect(narrow.slice(-4, -2).map((line) => line.trimEnd())).toEqual([
    'price: 3 of 3 have a value · sum £153.06 · lowest £50.02 · mean £51.02',
    'median £51.02 · highest £52.02',
  ]);
  // A mean has as many decimals as the values beside it.
  const mean = { ...NUMBERS, sum: 152.1, median: 50.5 };
  expect(frameOf(press(shown(120, 24, mean), 'l').state).join('\n')).toContain('mean £50.70 · median £50.50');
  // A small screen has no line for that.
  expect(frameOf(press(shown(80, 12), 'l').state).at(-3)).toMatch(/^price: 3 of 3 .*…$/);
});

it('has the counts beside the values, and bars that tell close ones apart', () => {
  const asked = press(press(shown(80, 24), 'l', 'l').state, 'F').state;
  const values = [211, 207, 203].map((rows, n) => ({ text: `star ${n}`, rows }));
  const frequency = {
    field: 'rating',
    rows: 1_000,
    type: 'text' as const,
    filled: 1_000,
    distinct: 3,
    isCut: false,
    values,
  };
  const event: ItemsEvent = { kind: 'values', field: 'rating', frequency };
  const { state } = reduce(asked, { kind: 'items', runId: 'r', event });
  const lines = frameOf(state).filter((line) => line.includes('star '));
  expect(lines[0]).toMatch(/star 0 +│ 211│ 21\.1 %│█{40,} │$/);
  const bars = lines.map((line) => /[█▏▎▍▌▋▊▉]+/.exec(line.split('%')[1] ?? '')?.[0]);
  expect(new Set(bars).size).toBe(3);
});

it('says of a column what it holds, the figures of its numbers, and where the run has them from', () => {
  const asked = press(press(shown(80, 24), 'l').state, 'F').state;
  const frequency = {
    ...{ field: 'price', type: 'number' as const, rows: 100, filled: 98, distinct: 97, isCut: false },
    ...{ unit: POUNDS, sum: 3_512, min: 9.25, median: 34.77, mean: 35.12, max: 65.73 },
    values: [{ text: '£25.20', rows: 2 }],
  };
  const source = { selector: '.price_color', selectorNow: '.amount', details: ['type price'] };
  const event: ItemsEvent = { kind: 'values', field: 'price', frequency, source };
  const { state } = reduce(asked, { kind: 'items', runId: 'r', event });
  const lines = frameOf(state);
  expectFit(lines, 80, 24);
  const inBox = lines.filter((line) => /^│ .* │$/.test(line)).map((line) => line.slice(2, -2).trimEnd());
  expect(inBox.slice(0, 3)).toEqual([
    'number · 97 values in 100 items · 98 % filled, 2 without a value',
    'lowest £9.25 · median £34.77 · mean £35.12 · highest £65.73 · sum £3,512.00',
    'selector .price_color (now .amount) · type price',
  ]);
  // The values come first where there is no room for all of it.
  const small = frameOf({ ...state, columns: 60, rows: 12 });
  expectFit(small, 60, 12);
  expect(small.join('\n')).toMatch(/number · 97 values.*£25\.20/s);
});

it('refuses a number that no shown item has, and says which there are', () => {
  const typed = press(shown(80, 24), '#', '7').state;
  expect(frameOf(typed).join('\n')).toMatch(/Go to item: 7 *\nA number from 1 to 3/);
  const refused = press(typed, 'enter').state;
  expect([refused.items.slice.prompt?.line.text, refused.items.slice.row]).toEqual(['7', 0]);
  const gone = press(refused, 'backspace', '3', 'enter').state;
  expect([gone.items.slice.prompt, gone.items.slice.row]).toEqual([undefined, 2]);
});

it('counts the hidden columns above the titles', () => {
  const lines = frameOf(press(shown(120, 35), '-').state);
  expect(lines[1]).toMatch(/^1 of 3 items · 1 hidden column/);
});

it('gives the room of bars to the values where each appears once', () => {
  const asked = press(shown(80, 24), 'F').state;
  const values = TITLES.map((text) => ({ text, rows: 1 }));
  const held = { field: 'title', type: 'text' as const, rows: 3, filled: 3, distinct: 3, isCut: false };
  const event: ItemsEvent = { kind: 'values', field: 'title', frequency: { ...held, values } };
  const lines = frameOf(reduce(asked, { kind: 'items', runId: 'r', event }).state);
  expectFit(lines, 80, 24);
  expect(
    lines.some(
      (line) => line.includes(`${TITLES[1]}│   1│   33.3 %`) || line.includes(`${TITLES[1]}│   1│ 33.3 %`),
    ),
  ).toBe(true);
});

it('has a line between columns and a bar below the titles, and loses no column for them', () => {
  const lines = frameOf(shown(80, 24));
  expect(lines[3]).toMatch(/Attic +│ +£50\.02│ star-rating Three│ In stock/);
  const places = [2, 3, 4, 5].map((row) =>
    [...(lines[row] ?? '')].flatMap((sign, at) => (sign === '│' ? [at] : [])),
  );
  expect(new Set(places.map(String)).size).toBe(1);
  expect(frameOf(shown(80, 24), { unicode: false })[3]).toMatch(/Attic +\| +£50\.02\| star/);
  // With room to spare, a blank stands on both sides.
  expect(frameOf(shown(240, 50))[3]).toMatch(/Attic +│ +£50\.02 │ star-rating Three +│ In stock/);
  const spoken = frameOf({ ...shown(80, 24), linear: true }).join('\n');
  expect(spoken).not.toContain('│');
});

it('keeps the share in a long title when its column is narrowed', () => {
  const field = 'manufacturer_number';
  const book = {
    [field]: 'a maker of many, many books',
    description: 'a long text '.repeat(9),
    price: '£5.00',
  };
  const state = shown(60, 24);
  const figures = [{ ...TEXTS, field, filled: 1 }];
  const events: ItemsEvent[] = [
    { kind: 'page', page: itemPage([book, { ...book, [field]: null }]) },
    { kind: 'figures', asks: 0, figures, fields: undefined },
  ];
  const empty = { ...state, items: { ...state.items, slice: EMPTY_ITEMS } };
  const read = events.reduce(
    (next, event) => reduce(next, { kind: 'items', runId: 'r', event }).state,
    empty,
  );
  expect(frameOf(read)[2]).toContain('manufacturer_number 50 %');
});
