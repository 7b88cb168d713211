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

describe('the part of a box that is in sight', () => {
  /** The right side of the box, from top to bottom. */
  const sideOf = (lines: readonly string[]) => {
    const from = lines.findIndex((line) => line.includes('┌'));
    const until = lines.findIndex((line) => line.includes('└'));
    const column = [...(lines[from] ?? '')].indexOf('┐');
    return lines.slice(from + 1, until).map((line) => [...line][column]);
  };
  const asked = (count: number): State => {
    const lines = Array.from({ length: count }, (_, at) => `Sentence ${at} of the question.`);
    const dialog = { kind: 'confirm', title: 'Sure?', lines, effects: [], typed: '' } as const;
    return someState({ columns: 80, rows: 24, dialog });
  };

  it.each([
    ['palette', [':']],
    ['help', ['?']],
    ['sorting', ['s']],
  ] as const)('is shown at the right side of the %s, also with ASCII', (_, keys) => {
    const { state } = press(someState({ columns: 80, rows: 12 }), ...keys);
    expect(sideOf(frameOf(state))).toContain('█');
    const ascii = frameOf(state, { unicode: false });
    expect(ascii.join('')).not.toContain('█');
    expect(ascii.filter((line) => /#\s*$/.test(line.trimEnd())).length).toBeGreaterThan(0);
  });

  it('moves with keys and wheel in a question that is longer than the screen, which y still answers', () => {
    const first = frameOf(asked(40));
    expectFit(first, 80, 24);
    expect(first.join('\n')).toContain('Sentence 0 ');
    expect(first.join('\n')).not.toContain('Sentence 39 ');
    expect(first.at(-1)).toContain('y yes  ↑↓ scroll  Esc no');
    expect(sideOf(first)[0]).toBe('█');
    const last = press(asked(40), 'end').state;
    expect(frameOf(last).join('\n')).toContain('Sentence 39 ');
    expect(sideOf(frameOf(last)).at(-1)).toBe('█');
    expect(press(last, 'k', 'pageup').state.dialog).toMatchObject({ top: 12 });
    expect(press(last, 'y').state.dialog).toBeUndefined();
    const linear = frameOf({ ...last, linear: true });
    expect(linear[1]).toBe('Dialog: Sure?, rows 24 to 40 of 40');
  });

  it('is all of a short question, whose sentences are never cut', () => {
    expect(sideOf(frameOf(asked(3)))).not.toContain('█');
    expect(frameOf(asked(3)).at(-1)).toBe('y yes  Esc no');
    const long = 'A sentence that is longer than a narrow screen is wide, and that says what is lost.';
    const dialog = { kind: 'confirm', title: 'Sure?', lines: [long], effects: [], typed: '' } as const;
    const narrow = frameOf(someState({ columns: 40, rows: 12, dialog }));
    expectFit(narrow, 40, 12);
    const words = narrow.flatMap((line) => /│ (.*?) *[│█]/.exec(line)?.[1] ?? []).join(' ');
    expect(words).toContain(long);
  });
});
