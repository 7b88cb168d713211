import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, SIZES, frameOf as screenOf } from '../../frame-of.tsx';
import { press, typed } from '../../some-state.ts';
import { afterEvents, answerTo, brokenRun, callOf, configRow, homeWith, YAML } from './some-configs.ts';
import { found, opened, take } from './some-repairs.ts';

afterEach(cleanup);

function frameOf(state: State): string[] {
  return screenOf(state, { colors: false });
}

function sized(state: State, columns: number, rows: number): State {
  return afterEvents(state, { kind: 'resize', columns, rows });
}

const HOSTILE = `name: "\u001b[31mred\u0007\u202e"\nurl: https://shop.example/\n# 価格${'価格'.repeat(80)}\n\tx: 👩‍👩‍👧\n`;

const ROWS = [
  configRow('a-name-that-is-as-long-as-a-name-may-be-0123456789-0123456789-0123'),
  configRow('broken', '', {
    revision: null,
    problem: '/home/configs/broken.yaml:1:1: the byte 0xFF is not UTF-8',
  }),
  configRow('hostile', HOSTILE),
  configRow('shop'),
];

/** The bench of the last one, with what a run found and an issue. */
function bench(): State {
  const { state, effects } = press(homeWith(...ROWS), 'G', 'enter');
  const issues = [
    { path: 'selectors.price', message: `is wrong ${'and so on '.repeat(20)}`, line: 6, column: 3 },
  ];
  const check = { yaml: YAML, problem: 'cannot run', hint: null, issues, warnings: [] };
  const told = answerTo(callOf(effects, 'get_run'), { output: brokenRun() });
  return afterEvents(state, told, { kind: 'config_checked', name: 'shop', check });
}

describe.each(SIZES)('on %d×%d', (columns, rows) => {
  const states: [string, State][] = [
    ['the list', homeWith(...ROWS)],
    ['the hostile one', press(homeWith(...ROWS), 'j', 'j', 'tab').state],
    ['a filter', press(homeWith(...ROWS), '/', ...typed('o'.repeat(200))).state],
    ['one that was kept', press(homeWith(...ROWS), '/', ...typed('shop'), 'enter').state],
    ['nothing', homeWith()],
    ['the bench', bench()],
    ['beside it', press(bench(), 'tab').state],
    ['an address', press(homeWith(...ROWS), 'n', ...typed('shop.example/'.repeat(20))).state],
  ];
  it.each(states)('%s fits', (_, state) => {
    const lines = frameOf(sized(state, columns, rows));
    expectFit(lines, columns, rows);
  });
});

it('lists name, site, pages, fields and jobs, and in their place why a file cannot be used', () => {
  const frame = frameOf(homeWith(...ROWS)).join('\n');
  expect(frame).toMatch(/NAME +SITE +PAGES +FIELDS +JOBS +CHANGED/);
  expect(frame).toMatch(/▌ {3}a-name/);
  expect(frame).toMatch(/✗ shop +shop\.example +one page +2 +1 failed /);
  expect(frame).toMatch(/! broken +.*the byte 0xFF is not UTF-8/);
});

it('does not cut the pages while there is room for them', () => {
  const yaml = `${YAML}pagination: {type: next_button, max_pages: 1200}\n`;
  const frame = frameOf(sized(homeWith(configRow('shop', yaml)), 200, 30)).join('\n');
  expect(frame).toMatch(/shop +shop\.example {2}next button, 1200 +2 +1 failed /);
});

it('shows an error of a text in the list, and below its line', () => {
  const back = press(bench(), 'escape').state;
  expect(frameOf(back).join('\n')).toMatch(/! shop +1 issue: line 6: selectors\.price is wrong/);
  const lines = frameOf(bench());
  const at = lines.findIndex((line) => line.includes('price: .price'));
  expect(lines[at]).toMatch(/^ +6! /);
  expect(lines[at + 1]).toContain('selectors.price: is wrong');
});

it('shows what selectors found, the broken ones as such', () => {
  expect(frameOf(bench()).join('\n')).toMatch(/price +0 +40 {2}broken: \.price/);
});

it('says first that item matches nothing, as the log of the run does', () => {
  const { state, effects } = press(homeWith(...ROWS), 'G', 'enter');
  const warning = 'item "li.pod" matches nothing on https://shop.example/, though "title" does';
  const output = {
    ...brokenRun(),
    log_tail: ['2026-11-26T09:00:00.000Z INFO  a', `2026-11-26T09:00:00.000Z WARN  ${warning}`],
  };
  const call = callOf(effects, 'get_run');
  expect(call.params).toMatchObject({ log_lines: 200 });
  const screen = frameOf(sized(afterEvents(state, answerTo(call, { output })), 200, 50)).join('\n');
  expect(screen).toContain(warning);
  expect(screen.indexOf(warning)).toBeLessThan(screen.indexOf('MATCHED'));
});

it('scrolls a long line to the side no farther than its end', () => {
  const long = `a: ${'x'.repeat(300)}END\n`;
  const state = press(homeWith(configRow('shop', long)), 'enter').state;
  expect(frameOf(state)[2]).toMatch(/x…/);
  const right = press(state, ...Array<string>(100).fill('l')).state;
  expect(frameOf(right)[2]).toMatch(/xEND *(?:│|$)/);
});

it('shows the line of the broken selector, with a mark, from the start of its repair until it is replaced', () => {
  const yaml = YAML.replace(
    'selectors:',
    `${'# about the shop\n'.repeat(30)}selectors:\n  old: em.price-old`,
  );
  const small = sized(homeWith(configRow('shop', yaml)), 80, 24);
  const marked = (state: State) => frameOf(state).filter((line) => /^ +\d+!/.test(line));
  expect(marked(opened(small))).toEqual([expect.stringMatching(/^ {2}37! {3}price: \.price/)]);
  expect(marked(found(opened(small)))).toHaveLength(1);
  const replaced = frameOf(take(found(opened(small)), '.amount-now')).join('\n');
  expect(replaced).toMatch(/- {3}price: \.price/);
  expect(marked(take(found(opened(small)), '.amount-now'))).toEqual([]);
});

it('marks the line of item alone where no row is left', () => {
  const { state, effects } = press(homeWith(configRow('shop')), 'enter');
  const [title, price] = brokenRun().selectors;
  const item = { ...price, part: 'item', field: 'item', selector: 'article' };
  const output = { ...brokenRun(), selectors: [item, { ...title, matched: 0 }, price] };
  const frame = frameOf(afterEvents(state, answerTo(callOf(effects, 'get_run'), { output })));
  expect(frame.filter((line) => /^ +\d+!/.test(line))).toEqual([
    expect.stringMatching(/^ +3! item: article/),
  ]);
});

it('says by which key one sees what is below in the other pane', () => {
  const state = sized(bench(), 80, 24);
  const titleOf = (of: State) => frameOf(of).find((line) => line.includes('Found'));
  expect(titleOf(state)).toMatch(/Found {2}▼ \d+ more: Tab, then ↓/);
  const beside = press(state, 'tab').state;
  expect(titleOf(beside)).toMatch(/Found {2}▼ \d+ more: ↓/);
  const below = (of: State) => Number(/(\d+) more/.exec(titleOf(of) ?? '')?.[1]);
  const scrolled = press(beside, 'down', 'down', 'down').state;
  expect(below(scrolled)).toBeLessThan(below(beside));
  expect(titleOf(scrolled)).toMatch(/Found {2}▲ 3 above ▼ \d+ more: ↓/);
});
