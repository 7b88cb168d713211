import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { ActivityEntry } from '../../../src/tui/home/home-data.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { FakeHome } from '../fake-home.ts';
import { expectFit, frameOf, SIZES } from '../frame-of.tsx';
import { NOW } from '../job-rows.ts';
import { press, someState, typed } from '../some-state.ts';

afterEach(cleanup);

const LONG = 'a-job-with-a-name-that-goes-on-and-on-until-nobody-reads-it-any';

/** Some jobs were deleted, one of them was refused, one came back, and an agent has done something. */
function lived(columns: number, rows: number): State {
  const home = new FakeHome();
  for (let index = 0; index < 12; index += 1)
    home.add(`${LONG.slice(0, 60)}-${index}`, { tags: ['価格', 'daily'] });
  const ids = [...home.jobs.keys()];
  const begun = reduce(someState({ columns, rows }), home.event()).state;
  home.editElsewhere(ids[3] ?? '', { description: 'theirs' });
  const yes = press(begun, '*', 'd', ...typed('12'), 'enter');
  const after = home.settle(yes.state, yes.effects);
  const activity: ActivityEntry[] = [
    {
      what: 'other',
      at: NOW,
      jobId: ids[3] ?? '',
      runId: null,
      by: 'mcp',
      tone: 'plain',
      text: 'enabled',
    },
    { what: 'other', at: NOW, jobId: null, runId: null, by: null, tone: 'bad', text: 'ended' },
    {
      what: 'other',
      at: NOW,
      jobId: ids[3] ?? '',
      runId: 'r',
      by: 'scheduler',
      tone: 'bad',
      text: `failed: \u001b[2J${'x'.repeat(200)}`,
    },
  ];
  return reduce(after, { ...home.event(), activity }).state;
}

const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['the results', []],
  ['the journal', ['escape', 'U']],
  ['what has happened', ['escape', 'N']],
  ['the tags', ['escape', '#', 'x']],
  ['the question', ['escape', 'd']],
  ['the scheduler', ['escape', 'D']],
  ['the question of an undo', ['u', 'ctrl+r']],
];

describe.each(SIZES)('on %d×%d', (columns, rows) => {
  it.each(KEYS)('%s fits, and is clean', (_, keys) => {
    const lines = frameOf(press(lived(columns, rows), ...keys).state);
    expectFit(lines, columns, rows);
    expect(lines.join('\n')).not.toContain('\u001b[2J');
  });
});

it('shows refusals first, with the reason', () => {
  const lines = frameOf(lived(120, 30));
  const first = lines.findIndex((line) => / refused +job /.test(line));
  expect(lines[first - 1]).toContain('11 deleted, 1 refused');
});

it('names the actor also where there is no room for a column', () => {
  expect(frameOf(press(lived(120, 24), 'escape', 'N').state).join('\n')).toMatch(/enabled +an agent/);
  expect(frameOf(press(lived(60, 24), 'escape', 'N').state).join('\n')).toContain('enabled (an agent)');
  expect(frameOf(press(lived(120, 30), 'escape', 'N').state).join('\n')).toMatch(/scheduler +ended/);
});

it('names a job and says what happens on the smallest screen', () => {
  const screen = frameOf(press(lived(40, 10), 'escape', 'd').state).join('\n');
  expect(screen).toContain('Delete 1 job?');
  expect(screen).toContain('a-job-with');
  expect(screen).toContain('y yes');
});

it('lists each action with its time and its result', () => {
  expect(frameOf(press(lived(120, 30), 'escape', 'U').state).join('\n')).toMatch(
    /\d\d:\d\d +Deleted 11 jobs: /,
  );
});
