import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { footerParts } from '../../../../src/tui/app/footer.ts';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { DETAIL_TABS, type TabAnswer } from '../../../../src/tui/features/job-detail/model.ts';
import { detailRect, shownRows } from '../../../../src/tui/features/job-detail/reducer.ts';
import { tabAt, tabTexts } from '../../../../src/tui/features/job-detail/tabs.ts';
import { selectedJob } from '../../../../src/tui/features/jobs/reducer.ts';
import type { State, SubscriptionOf } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { run } from '../../run-output.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const JOBS = ['alpha', 'beta'].map((id) =>
  jobRow(id, {
    last: pastRun({ runId: `last-${id}`, items: 3 }),
    history: [pastRun({ runId: `last-${id}`, items: 3 })],
  }),
);

function opened(fields: Partial<State> = {}): State {
  const state = someState({ columns: 200, rows: 40, now: NOW, ...fields });
  return reduce(state, { kind: 'home', data: homeOf(JOBS), changed: [], activity: [] }).state;
}

const RUNS = [
  run('r2', { status: 'failed', error: { kind: 'no_items', message: 'nothing matched' }, items: 0 }),
  run('r1', { items: 1_234 }),
];

const ANSWERS = {
  runs: { data: { tab: 'runs', runs: RUNS, total: 41 } },
  charts: { data: { tab: 'charts', runs: RUNS } },
  log: {
    data: {
      tab: 'log',
      runId: 'last-alpha',
      lines: Array.from({ length: 90 }, (_, at) => {
        const text = `page ${at} of the shop was read`;
        return {
          offset: at,
          bytes: 1,
          at: NOW,
          level: at === 89 ? ('warn' as const) : ('info' as const),
          text,
        };
      }),
    },
  },
  items: {
    data: {
      tab: 'items',
      runId: 'last-alpha',
      items: [
        { title: 'Lantern', price: '£20.00', old_price: null },
        { title: 'Attic', price: null, old_price: null },
      ],
      total: 997,
      required: ['price'],
    },
  },
  config: { data: { tab: 'config', yaml: 'name: shop\nurl: http://127.0.0.1/\n' } },
} satisfies Record<string, TabAnswer>;

type Asking = keyof typeof ANSWERS;

function answered(state: State, tab: Asking, jobId = 'alpha'): State {
  return reduce(state, { kind: 'job_tab', jobId, tab, answer: ANSWERS[tab] }).state;
}

function showing(tab: Asking, fields: Partial<State> = {}): State {
  const keys = Array.from({ length: DETAIL_TABS.indexOf(tab) }, () => ']');
  return answered(press(opened(fields), ...keys).state, tab);
}

const asked = (state: State) =>
  subscriptionsOf(state).filter((each) => each.kind === 'job_detail' || each.kind === 'job_tab');
const screenOf = (state: State) => frameOf(state).join('\n');

describe('the tabs of the detail', () => {
  it('are gone through with ] and [, from both panes', () => {
    const tabs = (...keys: string[]) => press(opened(), ...keys).state.detailTab.tab;
    expect(tabs()).toBe('why');
    expect(tabs(']', ']')).toBe('log');
    expect(tabs('[')).toBe('charts');
    expect(tabs('tab', ']')).toBe('runs');
    expect(tabs(':', ...'items of its newest', 'enter')).toBe('items');
  });

  it('show which one is current by brackets, and none changes its place', () => {
    expect(frameOf(opened())[1]).toMatch(/alpha +\[why\] runs {2}log {2}items {2}config {2}charts$/);
    expect(tabTexts('log').join('')).toBe(' why  runs [log] items  config  charts ');
    const starts = (current: (typeof DETAIL_TABS)[number]) => tabTexts(current).map((text) => text.length);
    for (const tab of DETAIL_TABS) expect(starts(tab)).toEqual(starts('why'));
  });

  it('stay while the selection moves, and begin anew with each job', () => {
    const state = press(showing('log'), 'tab', 'k', 'k').state;
    expect(state.detailTab.top).toBeGreaterThan(0);
    const other = press(state, 'right').state;
    expect([selectedJob(other)?.id, other.detailTab.tab]).toEqual(['beta', 'log']);
    expect(screenOf(other)).toContain('Reading…');
    expect(answered(other, 'log', 'beta').detailTab).toMatchObject({ jobId: 'beta', top: undefined });
  });

  it('ask only for what is shown', () => {
    expect(asked(opened({ rows: 18 })).map(({ kind }) => kind)).toEqual(['job_detail']);
    // The charts below the list ask for themselves.
    const own = (state: State) =>
      asked(state).filter((one) => (one as SubscriptionOf<'job_tab'>).tab !== 'charts');
    const about = (tab: Asking) => own(showing(tab)) as SubscriptionOf<'job_tab'>[];
    expect(about('runs')).toMatchObject([{ kind: 'job_tab', jobId: 'alpha', tab: 'runs' }]);
    expect(about('log')).toMatchObject([{ tab: 'log', about: 'last-alpha' }]);
    expect(about('items')).toMatchObject([{ tab: 'items', about: 'last-alpha' }]);
    expect(about('config')).toMatchObject([{ tab: 'config', about: 'shop' }]);
    expect(own(press(showing('log'), '_').state)).toEqual([]);
  });

  it('take no answer about another job or another tab', () => {
    const state = press(opened(), ']').state;
    expect(answered(state, 'runs', 'beta')).toBe(state);
    expect(answered(state, 'log')).toBe(state);
  });

  it('show the runs with what went wrong', () => {
    const screen = screenOf(showing('runs'));
    expect(screen).toMatch(/✗ failed .* nothing matched/);
    expect(screen).toMatch(/✓ ok .* 1,234 {2}schedule/);
    expect(screen).toContain('39 older: Enter lists them');
  });

  it('show the end of the log, and words for its levels', () => {
    const state = showing('log');
    expect(screenOf(state)).toContain('WARN page 89 of the shop was read');
    const scrolled = press(state, 'tab', 'k').state;
    expect(screenOf(scrolled)).not.toContain('page 89');
    expect(screenOf(press(scrolled, 'G').state)).toContain('page 89');
    expect(press(scrolled, 'G').state.detailTab.top).toBeUndefined();
  });

  it.each(SIZES)('say how many rows are above and below those in sight, on %d×%d', (columns, rows) => {
    const title = (state: State) =>
      frameOf(state)
        .find((line) => /alpha.*(\[log\]|[▲▼] )/.test(line))
        ?.split('│')
        .at(-1) ?? '';
    const opened = showing('log', { columns, rows });
    const end = opened.pane === 'side' ? opened : press(opened, 'tab').state;
    expect(title(end)).toMatch(/▲ \d+ above/);
    expect(title(end)).not.toContain('▼');
    const scrolled = title(press(end, 'k', 'k').state);
    expect(scrolled).toMatch(columns > 60 ? /▲ \d+ above ▼ 2 more/ : /▲ \d+( above)? ▼ 2( more)?/);
    expect(scrolled).toContain('alpha');
    expect(title(press(end, 'g', 'g').state)).not.toContain('▲');
  });

  it('show items as a table, the configuration and the charts', () => {
    expect(screenOf(showing('items'))).toMatch(
      /the first 2 of 997 items of run last-alpha.*title 100 % │ +price 50 % │ +old_price 0 %.*Lantern +│ +£20.00 │ +·.*Attic +│ +— │ +·/s,
    );
    expect(screenOf(showing('config'))).toContain('url: http://127.0.0.1/');
    expect(screenOf(showing('charts'))).toContain('Success  50% · last 2 runs');
  });

  it('say how many columns of the items have no room, and the keys that lead to them', () => {
    const [item = {}] = ANSWERS.items.data.items;
    const wide = {
      ...item,
      manufacturer: 'a maker of many things',
      availability: 'Out of stock',
      rating: 'Three',
      publisher: 'a publisher of books',
    };
    const screenAt = (columns: number, total: number) => {
      const data = { ...ANSWERS.items.data, items: [wide], total };
      const event = { kind: 'job_tab', jobId: 'alpha', tab: 'items', answer: { data } } as const;
      return screenOf(reduce(showing('items', { columns, rows: 24 }), event).state);
    };
    expect(screenAt(80, 1)).toMatch(/1 item of run last-alpha +1 more column: Enter, then i *$/m);
    // Where there is no room beside the words, in a line of its own.
    expect(screenAt(60, 997)).toMatch(/^\W*\d more columns?: Enter, then i *$/m);
    expect(screenAt(149, 1)).not.toContain('more column');
  });

  it('say why there is nothing', () => {
    const state = press(opened(), ']', ']').state;
    const text = 'The job has not run yet.';
    const none = {
      kind: 'job_tab',
      jobId: 'alpha',
      tab: 'log',
      answer: { data: { tab: 'none', text } },
    } as const;
    expect(screenOf(reduce(state, none).state)).toContain(text);
    const failure = { code: 'config_not_found', message: 'There is no shop.', hint: 'Create it.' } as const;
    const failed = reduce(state, { ...none, answer: { failure } }).state;
    expect(screenOf(failed)).toMatch(/There is no shop\..*Create it\./s);
  });

  it('are clicked', () => {
    const rect = detailRect(opened());
    const start = (rect?.column ?? 0) + (rect?.columns ?? 0) - tabTexts('why').join('').length;
    const modifiers = { shift: false, alt: false, ctrl: false };
    const click = (column: number) =>
      reduce(opened(), { kind: 'mouse', what: 'press', button: 'left', column, row: 1, ...modifiers }).state;
    const at = (tab: string) => start + tabTexts('why').join('').indexOf(tab) + 1;
    expect(click(at('config')).detailTab.tab).toBe('config');
    expect([click(at('log')).detailTab.tab, click(at('log')).pane]).toEqual(['log', 'main']);
    expect(click(start - 2)).toMatchObject({ pane: 'side', detailTab: { tab: 'why' } });
    expect(tabAt(-1)).toBeUndefined();
  });

  it('come to the screen with it where there is room for the list alone', () => {
    const narrow = press(opened({ columns: 60, rows: 12 }), ']').state;
    expect(narrow.pane).toBe('side');
    expect(frameOf(narrow)[1]).toContain('[runs] 2/6');
  });

  it('have a line of their own in a narrow and high pane', () => {
    const state = press(opened({ columns: 60, rows: 30 }), 'tab').state;
    const screen = frameOf(state);
    expect(screen[1]?.trim()).toBe('alpha');
    expect(screen[2]).toContain('[why] runs  log');
    const modifiers = { shift: false, alt: false, ctrl: false };
    const click = { kind: 'mouse', what: 'press', button: 'left', column: 12, row: 2, ...modifiers } as const;
    expect(reduce(state, click).state.detailTab.tab).toBe('log');
  });

  it('are words for a screen reader', () => {
    expect(screenOf(press(opened({ linear: true }), ']').state)).toContain(
      'Detail of alpha: runs, tab 2 of 6',
    );
    const spoken = showing('log', { linear: true, rows: 20 });
    expect(screenOf(press(spoken, 'tab', 'k').state)).toMatch(/: log, tab 3 of 6, \d+ above, 1 more/);
  });

  it('are named in the last line while the detail has the keys', () => {
    const words = (state: State) => footerParts(state, 120).map(({ word }) => word);
    expect(words(opened({ columns: 120 }))).not.toContain('next tab');
    expect(words(press(opened({ columns: 120 }), 'tab').state)).toContain('next tab');
  });

  it.each(SIZES)('fit on %d×%d', (columns, rows) => {
    for (const tab of Object.keys(ANSWERS) as Asking[]) {
      const state = press(showing(tab, { columns, rows }), 'tab').state;
      expectFit(frameOf(state), columns, rows);
      const rect = detailRect(state) ?? { columns, rows };
      const job = selectedJob(state);
      expect(job && shownRows(state, job, rect, 'braille').length, tab).toBeGreaterThan(0);
    }
  });
});
