import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunOutput } from '../../../src/core/operations/run-output.ts';
import { helpLines } from '../../../src/tui/app/help-rows.ts';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { TabData } from '../../../src/tui/features/job-detail/model.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { currentView } from '../../../src/tui/kernel/step.ts';
import { minuteClock } from '../../../src/tui/ui/components/text.tsx';
import { screenReaderText } from '../../../src/tui/ui/text/ascii.ts';
import { FakeHome } from '../fake-home.ts';
import { afterEvents, configRow, homeWith } from '../features/config-editor/some-configs.ts';
import { FormDriver } from '../features/job-form/form-driver.ts';
import { expectFit, frameOf } from '../frame-of.tsx';
import { itemPage } from '../item-page.ts';
import { homeOf, jobRow, NOW, pastRun } from '../job-rows.ts';
import { run } from '../run-output.ts';
import { press, someState, typed } from '../some-state.ts';

afterEach(cleanup);

const SIZES = [
  [160, 40],
  [80, 24],
  [40, 10],
] as const;

/** What is drawn rather than written; words of foreign texts aside, a screen reader spells it out or is silent. */
const DRAWN = /[\u2500-\u259f✓✗⊘⊗●○↻↷∅‖◆◇◌▲▼▶◀]/u;

function homeState(columns: number, rows: number): State {
  const jobs = [
    jobRow('books', { state: 'failed', last: pastRun({ status: 'failed' }), nextRun: NOW + 300_000 }),
    jobRow('news', { tags: ['daily'], last: pastRun(), history: [pastRun(), pastRun({ status: 'failed' })] }),
    jobRow('shop', { state: 'disabled' }),
  ];
  const state = someState({ columns, rows, now: NOW, linear: true });
  return reduce(state, { kind: 'home', data: homeOf(jobs), changed: [], activity: [] }).state;
}

async function newJobForm(size: { columns: number; rows: number }): Promise<State> {
  const driver = await FormDriver.open(1, undefined, { ...size, linear: true });
  await driver.press('n').settle();
  return driver.state;
}

describe.each(SIZES)('for a screen reader, on %d×%d', (columns, rows) => {
  it.each([
    ['the jobs', []],
    ['the detail', ['tab']],
    ['a filter', ['/', ...typed('news')]],
    ['the runs', ['enter']],
    ['the timeline', ['T']],
    ['the configurations', ['c']],
    ['the trash', ['Z']],
    ['the palette', [':', ...typed('run'), 'down']],
    ['the help', ['?']],
    ['sorting', ['s', 'down']],
    ['the scheduler', ['D']],
    ['the journal', ['U']],
    ['what has happened', ['N']],
    ['the tags', ['#']],
    ['a new configuration', ['c', 'n']],
  ] as const)('shows %s in words, within the screen', (_, keys) => {
    const { state } = press(homeState(columns, rows), ...keys);
    const lines = frameOf(state);
    expectFit(lines, columns, rows);
    expect(lines.join('\n')).not.toMatch(DRAWN);
    // Blanks between columns are read one by one, or as a pause.
    expect(lines.join('\n')).not.toMatch(/\S {2,}\S/);
    if (state.dialog === undefined) return;
    expect(lines[1]).toMatch(/^Dialog: /);
    // Nothing of the view below is read as if it were part of the dialog.
    expect(lines.join('\n')).not.toContain('Jobs, sorted by');
  });

  it('shows a question and a form in words', async () => {
    const home = new FakeHome();
    home.add('news');
    const asked = press(reduce(someState({ columns, rows, linear: true }), home.event()).state, 'd').state;
    const lines = frameOf(asked);
    expectFit(lines, columns, rows);
    expect(lines.join('\n')).not.toMatch(DRAWN);
    expect(lines.join('\n')).toMatch(/Dialog: Delete[\s\S]*news[\s\S]*y yes, Esc no$/);
    expect(lines.join('\n').match(/y yes/g)).toHaveLength(1);
    const form = frameOf(await newJobForm({ columns, rows }));
    expectFit(form, columns, rows);
    expect(form.join('\n')).not.toMatch(DRAWN);
    expect(form.join('\n')).toMatch(/^New job[\s\S]*^selected: +config name: /m);
  });
});

describe('for a screen reader', () => {
  it('the selected row is called so, with what each part of it is', () => {
    const at = (...keys: string[]) =>
      frameOf(press(homeState(100, 30), ...keys).state).filter((line) => /selected/.test(line));
    expect(at()).toEqual([expect.stringMatching(/^selected: books, failed, next in 5m/)]);
    expect(at('j')).toEqual([expect.stringMatching(/^selected: news, ok/)]);
    expect(at('j', 'space', 'k')).toEqual([expect.stringMatching(/^selected: marked: news/)]);
    expect(at('T')).toEqual([expect.stringMatching(/^selected: books, next Wed 25 Nov 12:05/)]);
    expect(at('s', 'down')).toHaveLength(1);
    expect(at(':', ...typed('quit'))).toEqual(['selected: Quit, q']);
    const palette = frameOf(press(homeState(100, 30), ':', ...typed('sort'), 'down').state);
    expect(palette[1]).toMatch(/^Dialog: Actions, 2 of \d+$/);
  });

  it('a list that goes on says how many rows are below, and those that are read are whole', () => {
    const jobs = Array.from({ length: 10 }, (_, at) =>
      jobRow(`job-${at}`, { last: pastRun(), nextRun: NOW + 300_000, tags: ['a-tag-that-is-long', 'daily'] }),
    );
    const event = { kind: 'home', data: homeOf(jobs), changed: [], activity: [] } as const;
    const open = reduce(someState({ columns: 60, rows: 24, now: NOW, linear: true }), event).state;
    const lines = frameOf(open);
    const read = lines.filter((line) => /job-\d, /.test(line)).length;
    expect(read).toBeLessThan(10);
    expect(lines).toContain(`${10 - read} more below`);
    const whole = frameOf({ ...open, columns: 200, rows: 60 });
    expect(whole.filter((line) => /job-\d, /.test(line))).toHaveLength(10);
    expect(whole.join('\n')).not.toContain('more below');
  });

  it('the runs and items of the detail say what each part of them is, and none is cut', () => {
    const open = press(homeState(80, 40), 'j').state;
    const message = 'nothing listens at 127.0.0.1:9, which is a long reason that goes on for more than a row';
    const failed = run('r2', { status: 'failed', error: { kind: 'network', message } as never, items: 0 });
    const tabs = {
      runs: { tab: 'runs', runs: [failed, run('r1', { items: 1_234 })], total: 2 },
      items: {
        ...{ tab: 'items', runId: 'r1', total: 1, required: [] },
        items: [{ title: 'Emma '.repeat(30).trim(), price: null }],
      },
    } as const;
    const heard = (tab: 'runs' | 'items') => {
      const shown = {
        ...open,
        detailTab: { tab, jobId: 'news', answer: { data: tabs[tab] as TabData }, top: undefined },
      };
      return frameOf(shown).join(' ').replaceAll(/ +/g, ' ');
    };
    expect(heard('runs')).toMatch(/failed, started [^,]+, took 5\.0s, 0 items, /);
    expect(heard('runs')).toContain('goes on for more than a row');
    expect(heard('runs')).toMatch(/ok, started [^,]+, took 5\.0s, 1,234 items, trigger schedule/);
    expect(heard('items')).toContain(`title: ${'Emma '.repeat(30).trim()}, price: no value`);
    expect(heard('runs') + heard('items')).not.toContain('…');
  });

  it('a run and an item say what each part of them is', () => {
    const run = {
      ...{
        run_id: 'r1',
        job_id: 'books',
        status: 'failed',
        trigger: 'schedule',
        attempt: 1,
        max_attempts: 1,
      },
      ...{ queued_at: '2026-11-25T11:00:00Z', started_at: '2026-11-25T11:00:00Z', scheduled_for: null },
      ...{ duration_ms: 12_000, items: 1, progress: null, error: { kind: 'http', message: 'answer 503' } },
      ...{
        checks: [],
        changes: null,
        waits_for: null,
        reason: null,
        retry_of: null,
        output_path: null,
        worker: null,
      },
      finished_at: '2026-11-25T11:00:12Z',
    } as unknown as RunOutput;
    const runs = press(homeState(100, 30), 'enter').state;
    const said = frameOf({ ...runs, runs: { ...runs.runs, runs: [run], total: 1 } });
    expect(said).toContain('selected: failed, started 11:00, took 12s, 1 item, schedule, answer 503, r1');
    // Neither the reason nor the position is said a second time, or with something else.
    expect(said.join('\n').match(/answer 503/g)).toHaveLength(1);
    expect(said.filter((line) => line.includes('1 of 1'))).toEqual(['Runs, newest first, 1 of 1']);
    const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'books', runId: 'r1' }];
    const open = { ...homeState(100, 30), views };
    const read = {
      kind: 'page',
      page: itemPage([{ title: 'Emma', price: 9 }]),
    } as const;
    const items = reduce({ ...open, items: { ...open.items, jobId: 'books', runId: 'r1' } } as State, {
      ...{ kind: 'items', runId: 'r1', event: read },
    }).state;
    expect(frameOf(items)).toContain('selected: title: Emma, price: 9');
  });

  it('no row of a list is cut, however narrow the terminal is, and the selected one is whole', () => {
    const long = jobRow('books', {
      ...{
        state: 'failed',
        tags: Array.from({ length: 12 }, (_, at) => `tag-${at}`),
        hosts: ['shop.example'],
      },
      ...{ last: pastRun({ status: 'failed' }), nextRun: NOW + 300_000 },
    });
    const jobs = Array.from({ length: 30 }, (_, at) => ({
      ...long,
      id: `books-${String(at).padStart(2, '0')}`,
    }));
    const home = { kind: 'home', data: homeOf(jobs), changed: [], activity: [] } as const;
    for (const [columns, rows] of [
      [80, 24],
      [40, 12],
    ] as const) {
      const state = reduce(someState({ columns, rows, now: NOW, linear: true }), home).state;
      for (const [keys, id] of [
        [[], 'books-00'],
        [Array.from({ length: 13 }, () => 'j'), 'books-13'],
        [['G'], 'books-29'],
      ] as const) {
        const lines = frameOf(press(state, ...keys).state);
        expectFit(lines, columns, rows);
        const text = lines.join(' ').replaceAll(/ +/g, ' ');
        expect(text).toMatch(
          new RegExp(`selected: ${id}, failed, next in 5m 00s.*tag-11,.*host shop.example`),
        );
        expect(text.split('selected: ')).toHaveLength(2);
      }
    }
  });

  it.each([
    [80, 24],
    [40, 12],
  ])('no row of configurations, items, activity and palette is cut on %d×%d', (columns, rows) => {
    const size = { columns, rows, now: NOW, linear: true };
    const words = (state: State, ...keys: string[]) => {
      const lines = frameOf(press(state, ...keys).state);
      expectFit(lines, columns, rows);
      // The text of a configuration keeps its indents.
      if (currentView(state).name !== 'configs') expect(lines.join('\n')).not.toMatch(/\S {2,}\S/);
      expect(lines.join(' ').split('selected: ')).toHaveLength(2);
      return lines.join(' ').replaceAll(/ +/g, ' ');
    };
    const long = 'the-shop-of-books-end';
    const configs = afterEvents(homeWith(configRow(long)), { kind: 'resize', columns, rows });
    expect(words({ ...configs, linear: true })).toMatch(
      /selected: the-shop-.*end, shop\.example, .*2 fields, 0 jobs, changed /,
    );

    const home = homeState(columns, rows);
    const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'books', runId: 'r1' }];
    const open = { ...home, views, items: { ...home.items, jobId: 'books', runId: 'r1' } } as State;
    const text = `${'a story that goes on and on '.repeat(4)}to its end`;
    const page = { kind: 'page', page: itemPage([{ title: 'Emma', text, price: 9 }]) } as const;
    const items = reduce(open, { kind: 'items', runId: 'r1', event: page }).state;
    expect(words(items)).toContain(`selected: title: Emma, text: ${text}, price: 9`);

    const entry = { what: 'other', at: NOW, jobId: 'books', runId: null, by: 'mcp', tone: 'plain' } as const;
    const told = {
      kind: 'home',
      data: homeOf([jobRow('books')]),
      changed: [],
      activity: [{ ...entry, text }],
    };
    const activity = reduce(someState(size), told as Parameters<typeof reduce>[1]).state;
    expect(words(activity, 'N')).toContain(`selected: 12:00, books, ${text}, an agent`);

    expect(words(home, ':', ...typed('rename'))).toContain(
      'selected: Rename the job, not now: A job keeps its id: copy it under another one (C), then delete it (d).',
    );
  });

  it('the help has every action whole, the selected one with its name for that', () => {
    for (const [columns, rows] of SIZES) {
      let at = press(homeState(columns, rows), '?').state;
      for (const line of helpLines(at, '')) {
        const lines = frameOf(at);
        expectFit(lines, columns, rows);
        const title = line.kind === 'note' ? line.text : line.title;
        const heard = lines.slice(lines.findIndex((text) => text.startsWith('selected: ')));
        expect(heard.join(' ').replaceAll(/ +/g, ' ')).toContain(screenReaderText(title));
        at = press(at, 'down').state;
      }
    }
  });

  it('header, list, detail and footer follow each other, also on a wide screen', () => {
    const text = frameOf(homeState(200, 50)).join('\n');
    expect(text).toMatch(
      /^Jobs 1\/3, 1 failed, [\s\S]*\nJobs, sorted by [\s\S]*\nselected: books[\s\S]*\nnews[\s\S]*\nDetail of books: why, tab 1 of 6\nfailed, next run[\s\S]*\n.*, \? help, q quit$/,
    );
  });

  it('an example in an empty field is not taken for its value', async () => {
    const address = frameOf(press(homeState(100, 30), 'c', 'n').state).join('\n');
    expect(address).toMatch(/^Address +empty: https:\/\/shop\.example\/books *$/m);
    expect(frameOf(await newJobForm({ columns: 100, rows: 30 })).join('\n')).toMatch(
      /job id: +empty: made from the configuration/,
    );
    expect(
      frameOf(press(homeState(100, 30), 'c', 'n', ...typed('shop.example')).state).join('\n'),
    ).not.toContain('empty:');
  });

  it('nothing is drawn anew each second', () => {
    let now = NOW;
    const listeners = new Set<() => void>();
    const clock = minuteClock({
      now: () => now,
      onClock: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    let told = 0;
    const stop = clock.onClock(() => {
      told += 1;
    });
    for (let second = 0; second < 150; second += 1) {
      now += 1000;
      for (const tell of listeners) tell();
    }
    expect(told).toBe(2);
    stop();
    expect(listeners.size).toBe(0);
  });
});
