import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { selectedWorker } from '../../../../src/tui/features/workers/reducer.ts';
import type { ActiveRun } from '../../../../src/tui/home/active-run.ts';
import type { HomeData } from '../../../../src/tui/home/home-data.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, listedWorker } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const NOW = someState().now;
const MINUTE = 60_000;

const active = (jobId: string, worker: string): ActiveRun => ({
  ...{ runId: `r-${jobId}`, jobId, configName: 'shop', status: 'running', worker, cancelling: false },
  ...{ trigger: 'schedule', requestedBy: 'scheduler', attempt: 1, maxAttempts: 4, queuedAt: 0, notBefore: 0 },
  ...{ startedAt: NOW - 5 * MINUTE, items: 60, pages: 3, bytes: 1, totalPages: 10, progress: 0.3 },
});

const WORKERS = [
  listedWorker('lyon-2', { state: 'silent', lastSeen: NOW - 5 * MINUTE, tags: ['eu'] }),
  listedWorker('oslo-3', { state: 'draining', drain: 1, slots: 0, lastSeen: NOW }),
  listedWorker('paris-1', { lastSeen: NOW, tags: ['browser', 'eu'], skewMs: 5_000 }),
  listedWorker('rome-4', {
    state: 'invited',
    lastSeen: null,
    joinedAt: null,
    slots: 0,
    version: null,
    skewMs: null,
  }),
];
const RUNS = [active('books', 'paris-1'), active('news', 'paris-1'), active('prices', 'oslo-3')];

function homeWith(executor: Partial<HomeData['executor']> = {}, runs: readonly ActiveRun[] = RUNS): HomeData {
  const redis = { redis: 'connected', since: NOW - 60 * MINUTE } as const;
  const present: HomeData['executor'] = {
    kind: 'bullmq',
    redis,
    workers: WORKERS,
    warnings: [],
    ...executor,
  };
  return homeOf([], { runs, executor: present });
}

const withHome = (state: State, data: HomeData): State =>
  reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;

/** The view of the workers, opened from the list of jobs. */
const opened = (size: Partial<State> = {}, home = homeWith()): State =>
  press(withHome(someState({ columns: 100, rows: 30, ...size }), home), 'W').state;

describe('the workers', () => {
  it('are listed with their state, slots, silence and runs', () => {
    const frame = frameOf(opened()).join('\n');
    expect(frame).toContain('Redis is connected since 09:00 · 2 of 2 slots in use, 0 queued');
    expect(frame).toMatch(/WORKER +STATE +SLOTS +HEARD +RUNS/);
    expect(frame).toMatch(/lyon-2 +silent +0\/2 +not for 5m 00s/);
    expect(frame).toMatch(/oslo-3 +draining +1 +now +prices/);
    expect(frame).toMatch(/paris-1 +connected +2\/2 +now +books, news/);
    expect(frame).toMatch(/rome-4 +invited +- +never/);
    const drained = listedWorker('lyon-2', { state: 'silent', drain: 1, lastSeen: NOW - 5 * MINUTE });
    expect(frameOf(opened({}, homeWith({ workers: [drained] }))).join('\n')).toMatch(
      /lyon-2 +drained +0\/2 +5m 00s ago/,
    );
  });

  it('have a detail: what each does, its tags, version and clock', () => {
    const state = press(opened(), 'j', 'j').state;
    expect(selectedWorker(state)?.name).toBe('paris-1');
    const frame = frameOf(state).join('\n');
    expect(frame).toContain('State     connected, 2 of 2 slots in use');
    expect(frame).toContain('Runs      books  3 of 10 pages, 60 items, since 09:55  r-books');
    expect(frame).toContain('          news  3 of 10 pages, 60 items, since 09:55  r-news');
    expect(frame).toContain('Tags      browser, eu');
    expect(frame).toMatch(/Version +1\.0\.0, this home has /);
    expect(frame).toContain('Clock     5 s ahead');
  });

  it('have their slots beside the list from 150 columns on, each with its run or free', () => {
    const one = { ...WORKERS[2], slots: 4 } as (typeof WORKERS)[number];
    const home = homeWith({ workers: [one, ...WORKERS.slice(0, 2)] });
    const besideOf = (state: State) => frameOf(state).map((line) => line.split('│')[1]?.trimEnd() ?? '');
    for (const [columns, rows] of [
      [150, 30],
      [200, 50],
    ] as const) {
      const state = opened({ columns, rows }, home);
      expectFit(frameOf(state), columns, rows);
      expect(besideOf(state).slice(1)).toEqual(
        expect.arrayContaining([
          ' State     connected, 2 of 4 slots in use',
          ' Heard     now',
          ' Tags      browser, eu',
          ' Slots, 2 of 4 free',
          ' 1         books  3 of 10 pages, 60 items, since 09:55  r-books',
          ' 2         news  3 of 10 pages, 60 items, since 09:55  r-news',
          ' 3         free',
          ' 4         free',
        ]),
      );
      const silent = besideOf(press(state, 'j').state);
      expect(silent).toContain(' Heard     not for 5m 00s');
    }
    expect(frameOf(opened({ columns: 149, rows: 50 }, home)).join('\n')).not.toContain('Slots, 2 of 4 free');
  });

  it('keep the selected one when others come and go', () => {
    const state = press(opened(), 'j', 'j').state;
    const fewer = withHome(state, homeWith({ workers: WORKERS.slice(1) }));
    expect(selectedWorker(fewer)?.name).toBe('paris-1');
    expect(selectedWorker(withHome(fewer, homeWith({ workers: [] })))).toBeUndefined();
  });

  it.each([
    ['d', 'Drain paris-1?', 'It ends after its 2 runs.', 'drain_worker', { name: 'paris-1' }],
    ['x', 'Drain now paris-1?', 'Its 2 runs are cancelled.', 'drain_worker', { name: 'paris-1', now: true }],
    [
      'R',
      'Revoke the invitation of paris-1?',
      'Its 2 runs are abandoned.',
      'revoke_worker',
      { name: 'paris-1' },
    ],
  ])('%s asks first', (key, title, line, name, params) => {
    const asked = press(opened(), 'j', 'j', key);
    expect(asked.effects).toEqual([]);
    const frame = frameOf(asked.state).join('\n');
    expect(frame).toContain(title);
    expect(frame).toContain(line);
    expect(press(asked.state, 'y').effects).toMatchObject([{ kind: 'call', name, params }]);
    expect(press(asked.state, 'enter').effects).toEqual([]);
  });

  it('begin the footer with drain, not with the charts', () => {
    expect(frameOf(opened()).at(-1)?.trim()).toMatch(/^d drain {2}x drain now {2}R revoke/);
  });

  it('are not drained twice, nor before they have joined', () => {
    const notice = (...keys: string[]) => press(opened(), ...keys).state.notices.at(-1)?.text;
    expect(notice('j', 'd')).toContain('It is draining already.');
    expect(press(opened(), 'j', 'x').state.dialog).toMatchObject({ title: 'Drain now oslo-3?' });
    expect(notice('G', 'd')).toContain('It has not joined yet');
    expect(press(opened(), 'G', 'R').state.dialog).toMatchObject({
      lines: [
        'To work for this home again, rome-4 needs another invitation.',
        'In this view R revokes; it repairs nothing.',
      ],
    });
  });

  it('say how Redis is, and what to do without workers', () => {
    const frame = (executor: Partial<HomeData['executor']>) =>
      frameOf(opened({}, homeWith(executor, []))).join('\n');
    expect(frame({ redis: { redis: 'away', since: NOW - MINUTE } })).toContain(
      'Redis is away since 09:59: no run can be handed over.',
    );
    expect(frame({ redis: { redis: 'connected', since: 0, problem: 'it evicts keys' } })).toContain(
      'it evicts keys',
    );
    expect(frame({ redis: null })).toContain('no scheduler runs');
    expect(frame({ workers: WORKERS.slice(0, 2) })).toContain('no worker takes runs, 0 queued');
    const empty = frame({ kind: 'local', redis: null, workers: [] });
    expect(empty.split('\n').slice(1, 3).join(' ').replaceAll(/ +/g, ' ').trim()).toBe(
      'All runs start on this machine now: executor is local. To use workers on other machines, set executor: bullmq in settings.yaml and invite them:',
    );
    expect(empty).toContain('  quickscrape config set executor bullmq');
    expect(empty).not.toContain('Workers on other machines execute runs');
    expect(empty).toContain('docs/how-to/more-machines.md');
    expect(empty).not.toContain('SLOTS');
    expect(empty).not.toContain('No worker is selected.');
    expect(empty).toContain('  quickscrape worker invite NAME');
    const none = frame({ workers: [] });
    expect(none).toContain('Workers on other machines execute runs of this home. None is invited.');
    expect(none).toContain('Invite one with: quickscrape worker invite NAME');
    const broken = frame({ workers: [], warnings: ['/home/workers.json: key: must be 32 bytes in base64'] });
    expect(broken).toContain('key: must be 32 bytes');
    expect(broken).not.toContain('No worker is invited.');
  });

  it('offer no other pane while there is none of them, and say why', () => {
    const home = homeWith({ kind: 'local', redis: null, workers: [] }, []);
    for (const size of [
      { columns: 80, rows: 24 },
      { columns: 200, rows: 50 },
    ]) {
      const state = opened(size, home);
      expect(frameOf(state).at(-1)).not.toMatch(/Tab pane|layout/);
      for (const key of ['tab', '+'])
        expect(press(state, key).state.notices.at(-1)?.text).toContain('There is no worker to show there.');
      expect(frameOf(opened(size)).at(-1)).toContain('pane');
    }
  });

  it('say on a narrow screen, too, how to use some', () => {
    const home = homeWith({ kind: 'local', redis: null, workers: [] }, []);
    const words = frameOf(opened({ columns: 60, rows: 24 }, home)).map((line) => line.trim());
    expect(words.join(' ')).toContain('set executor: bullmq in settings.yaml');
  });

  it.each(SIZES)('fit on %d×%d, however many there are', (columns, rows) => {
    const workers = Array.from({ length: 60 }, (_, at) => listedWorker(`worker-with-a-long-name-${at}`));
    const runs = Array.from({ length: 90 }, (_, at) =>
      active(`job-with-a-long-name-${at}`, workers[59]?.name ?? ''),
    );
    const state = press(opened({ columns, rows }, homeWith({ workers }, runs)), 'G').state;
    expectFit(frameOf(state), columns, rows);
    expectFit(frameOf(press(state, 'tab').state), columns, rows);
    expect(frameOf(state).join('\n')).toMatch(/▌ ?worker-with/);
    expect(selectedWorker(state)?.name).toBe('worker-with-a-long-name-59');
    if (columns >= 80) expect(frameOf(state).join('\n')).toMatch(/… and \d+ runs more/);
  });

  it('are left by Esc, and selected by a click', () => {
    expect(currentView(press(opened(), 'escape').state).name).toBe('jobs');
    const at = { kind: 'mouse', what: 'press', button: 'left', column: 3, row: 5 } as const;
    const click = { ...at, shift: false, alt: false, ctrl: false };
    const clicked = reduce(opened(), click).state;
    expect(selectedWorker(clicked)?.name).toBe('paris-1');
  });
});

it('says in the title which worker is selected where the list goes on below', () => {
  const workers = Array.from({ length: 40 }, (_, at) => listedWorker(`worker-${at + 10}`, { lastSeen: NOW }));
  const event = { kind: 'home', data: homeWith({ workers }), changed: [], activity: [] } as const;
  const { state } = press(reduce(someState({ columns: 80, rows: 24 }), event).state, 'W', 'j', 'j');
  expect(frameOf(state)[0]).toMatch(/^Workers 3\/40 /);
  const few = { ...event, data: homeWith() };
  expect(frameOf(press(reduce(someState(), few).state, 'W').state)[0]).toMatch(/^Workers {2}/);
});
