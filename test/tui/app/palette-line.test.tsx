import { cleanup } from 'ink-testing-library';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { frameOf } from '../frame-of.tsx';
import { homeOf, jobRow } from '../job-rows.ts';
import { press, someState, typed } from '../some-state.ts';

// The colours are read once, when Ink is loaded.
vi.hoisted(() => vi.stubEnv('FORCE_COLOR', '2'));

afterEach(cleanup);
afterAll(() => vi.unstubAllEnvs());

interface Cell {
  readonly char: string;
  readonly inverse: boolean;
  readonly underline: boolean;
  readonly color: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read
const CODE_OR_CHAR = /\u001b\[([\d;]*)m|[^\u001b]/gu;

/** The characters of a line with the styles that are on at each. */
function cellsOf(line: string): Cell[] {
  let style = { inverse: false, underline: false, color: '' };
  return [...line.matchAll(CODE_OR_CHAR)].flatMap(([char, code]): Cell[] => {
    if (code === undefined) return [{ char, ...style }];
    if (code === '7' || code === '27') style = { ...style, inverse: code === '7' };
    if (code === '4' || code === '24') style = { ...style, underline: code === '4' };
    if (/^(3|9)\d/.test(code)) style = { ...style, color: code === '39' ? '' : code };
    return [];
  });
}

const textOf = (cells: readonly Cell[]) => cells.map(({ char }) => char).join('');

function openPalette(query: string, fields: Partial<State> = {}): State {
  const data = homeOf([jobRow('shop'), jobRow('news')]);
  const event = { kind: 'home', data, changed: [], activity: [] } as const;
  return press(reduce(someState(fields), event).state, ':', ...typed(query)).state;
}

function paletteLines(query: string, fields: Partial<State> = {}): Cell[][] {
  const lines = frameOf(openPalette(query, { columns: 120, rows: 35, ...fields })).map(cellsOf);
  const [from, to] = ['┌', '└'].map((corner) => lines.findIndex((line) => textOf(line).includes(corner)));
  return lines.slice(from, (to ?? 0) + 1);
}

describe('the palette', () => {
  it.each(['kill', 'sort'])('highlights the whole selected row, for %s', (query) => {
    const [selected = []] = paletteLines(query).filter((line) => textOf(line).includes('▌'));
    const text = textOf(selected);
    const [from, to] = [text.indexOf('▌'), text.lastIndexOf('│') - 1];
    expect(selected.slice(from, to).every(({ inverse }) => inverse)).toBe(true);
    expect(to - from).toBe(text.lastIndexOf('│') - text.indexOf('│') - 3);
  });

  it('says at the right of an unavailable action why Enter does not do it', () => {
    expect(paletteLines('kill').map(textOf).join('\n')).toMatch(
      /▌ Cancel the active run \(kill\) {3,}It has no active run\. +x │/,
    );
  });

  it.each([
    ['sched', 'Stop the scheduler', 'sched'],
    ['kill', 'Cancel the active run', 'kill'],
    ['swmouse', 'Switch the mouse', 'Swmouse'],
  ])('marks what %s has found', (query, title, marked) => {
    const [line = []] = paletteLines(query).filter((each) => textOf(each).includes(title));
    expect(textOf(line.filter(({ underline }) => underline))).toBe(marked);
  });

  it('is as wide as its longest row on a wide screen, so that no title is cut', () => {
    for (const query of ['history', 'xlsx', 'show', ''])
      expect(paletteLines(query, { columns: 200, rows: 50 }).map(textOf).join('\n'), query).not.toMatch(
        /\S…/,
      );
    const widths = ['history', 'xlsx'].map((query) =>
      textOf(paletteLines(query, { columns: 200, rows: 50 })[0] ?? []),
    );
    expect(widths[0]?.lastIndexOf('┐')).toBe(widths[1]?.lastIndexOf('┐'));
  });

  it('is as high as its rows, and its upper edge stays while one types', () => {
    expect(paletteLines('kill').length).toBeLessThan(10);
    expect(paletteLines('').length).toBe(22);
    const topOf = (query: string) =>
      frameOf(openPalette(query)).findIndex((line) => line.includes('Actions'));
    expect(topOf('kill')).toBe(topOf(''));
  });
});

describe('the view behind a dialog', () => {
  const known = { background: 'dark' } as const;
  const rowOf = (state: State, job: string) => {
    const lines = frameOf(state, { manyColors: true }).map(cellsOf);
    return lines.find((line) => textOf(line).includes(job)) ?? [];
  };
  const colorsOf = (line: readonly Cell[]) => [
    ...new Set(line.filter(({ char }) => char !== ' ').map(({ color }) => color)),
  ];

  it('is grey, and none of its rows is highlighted', () => {
    const state = openPalette('kill', { columns: 120, rows: 35, ...known });
    const row = rowOf(state, 'shop');
    expect(colorsOf(row)).toEqual(['38;5;248']);
    expect(row.some(({ inverse }) => inverse)).toBe(false);
    const closed = rowOf({ ...state, dialog: undefined }, 'shop');
    expect(colorsOf(closed)).not.toEqual(['38;5;248']);
  });
});

describe('the footer of a box', () => {
  it('has a key that takes nothing now as grey as its word, and others in the colour of keys', () => {
    const data = homeOf([jobRow('shop')]);
    const event = { kind: 'home', data, changed: [], activity: [] } as const;
    const state = press(reduce(someState({ background: 'dark' }), event).state, '#').state;
    const keysOf = (of: State) => {
      const cells = cellsOf(frameOf(of, { manyColors: true }).at(-1) ?? '');
      const colorAt = (word: string) => cells[textOf(cells).indexOf(word)]?.color;
      return [colorAt('Enter'), colorAt('apply'), colorAt('Esc')];
    };
    const [grey, accent] = ['38;5;248', '38;5;80'];
    expect(keysOf(state)).toEqual([grey, grey, accent]);
    expect(keysOf(press(state, 'a').state)).toEqual([accent, grey, accent]);
  });
});
