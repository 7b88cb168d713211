import fc from 'fast-check';
import { cleanup, render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { Dialog, State } from '../../../src/tui/kernel/model.ts';
import { Text } from '../../../src/tui/ui/components/text.tsx';
import { EMPTY_LINE, toEditedLine } from '../../../src/tui/ui/text/edit-line.ts';
import { propertyRuns } from '../../property-runs.ts';
import { expectFit, SIZES, frameOf as screenOf } from '../frame-of.tsx';
import { homeOf, jobRow } from '../job-rows.ts';
import { press, someState } from '../some-state.ts';

afterEach(cleanup);

function frameOf(fields: Partial<State>): string[] {
  return screenOf(someState(fields));
}

const DIALOGS: readonly (Dialog | undefined)[] = [
  undefined,
  { kind: 'palette', query: EMPTY_LINE, index: 0 },
  { kind: 'palette', query: toEditedLine('価格'.repeat(60)), index: 0 },
  { kind: 'help', query: EMPTY_LINE, index: 3 },
  {
    ...{ kind: 'confirm', title: 'Delete 30 jobs?', lines: [], effects: [], count: 30, typed: '3' },
    names: Array.from(
      { length: 30 },
      (_, at) => `job-${at}-価格チェック-with-a-long-name-that-goes-on-and-on-for-ever-and-ever`,
    ),
  },
];

describe.each(SIZES)('on %d×%d', (columns, rows) => {
  it.each(DIALOGS.map((dialog) => [dialog?.kind ?? 'no dialog', dialog] as const))('%s fits', (_, dialog) => {
    const lines = frameOf({ columns, rows, dialog });
    expectFit(lines, columns, rows);
  });
});

it('names each job of a question as far as there is room, and how many are left', () => {
  const dialog = DIALOGS[4];
  const frame = frameOf({ columns: 80, rows: 24, dialog }).join('\n');
  expect(frame).toContain('Delete 30 jobs?');
  expect(frame).toContain('job-0-');
  expect(frame).toMatch(/and \d+ more/);
  expect(frame).toContain('Type 30 and Enter:');
});

it('says in full why an action is unavailable, rather than all of what it would do', () => {
  const dialog: Dialog = { kind: 'palette', query: toEditedLine('repair'), index: 0 };
  expect(frameOf({ columns: 80, rows: 24, dialog }).join('\n')).toMatch(
    /Repair the selectors.*… {2,}No job [a-z ]+\. /,
  );
});

it('shows in the help which home it is, and whether it is read-only', () => {
  const dialog: Dialog = { kind: 'help', query: EMPTY_LINE, index: 0 };
  const title = (fields: Partial<State>) =>
    frameOf({ columns: 80, rows: 24, dialog, homeName: '~/shops', ...fields }).find((line) =>
      line.includes('┌'),
    );
  expect(title({})).toContain('Keys, QuickScrape ~/shops ─');
  expect(title({ readOnly: true })).toContain('QuickScrape ~/shops [read-only] ─');
});

it('shows at the right side of the help which part of it is in sight, from its beginning to its end', () => {
  const thumb = (index: number) => {
    const lines = frameOf({ columns: 80, rows: 24, dialog: { kind: 'help', query: EMPTY_LINE, index } });
    const box = lines.slice(lines.findIndex((line) => line.includes('┌')) + 1);
    const sides = box
      .slice(
        0,
        box.findIndex((line) => line.includes('└')),
      )
      .map((line) => line.trim().at(-1));
    return { from: sides.indexOf('█'), until: sides.length - 1 - sides.lastIndexOf('█') };
  };
  expect(thumb(0).from).toBe(0);
  expect(thumb(0).until).toBeGreaterThan(5);
  expect(thumb(25).from).toBeGreaterThan(0);
  expect(thumb(25).until).toBeGreaterThan(0);
  expect(thumb(1000).until).toBe(0);
});

it('shows in the help what each key does in full where there is room', () => {
  const dialog: Dialog = { kind: 'help', query: EMPTY_LINE, index: 0 };
  const views: State['views'] = [{ name: 'jobs' }, { name: 'runs', jobId: 'shop' }];
  const frame = frameOf({ columns: 120, rows: 90, dialog, views }).filter((line) => line.includes('│'));
  expect(frame.join('\n')).toContain('or between it and the marked one');
  expect(frame.join('\n')).not.toContain('…');
});

it('lets nothing below show through a dialog', () => {
  const below = frameOf({ columns: 80, rows: 24 });
  const above = frameOf({ columns: 80, rows: 24, dialog: { kind: 'help', query: EMPTY_LINE, index: 0 } });
  const from = above.findIndex((line) => line.includes('┌'));
  const until = above.findIndex((line) => line.includes('└'));
  expect(until - from).toBeGreaterThan(10);
  for (const line of above.slice(from + 1, until)) expect(line.trim()).toMatch(/^│.*[│█]$/);
  expect(below[0]).toBe(above[0]);
});

it('leaves all beside a dialog where it was, also where its edge cuts through a wide letter', () => {
  const data = homeOf([jobRow('books', { description: '長'.repeat(600) })]);
  const { state } = reduce(someState({ columns: 80, rows: 40 }), {
    ...{ kind: 'home', data, changed: [], activity: [] },
  });
  const cut = [30, 31, 32, 33].flatMap((cells) => {
    const sentences = Array<string>(20).fill('x'.repeat(cells));
    const lines = screenOf({
      ...state,
      dialog: { kind: 'confirm', title: 'Sure?', lines: sentences, effects: [], typed: '' },
    });
    expectFit(lines, 80, 40);
    const beside = lines.filter((line) => /長.*│.*│.*長/.test(line));
    const edges = beside.map((line) =>
      [line.indexOf('│'), line.lastIndexOf('│')].map((at) => stringWidth(line.slice(0, at))),
    );
    expect(new Set(edges.map(String)).size, lines.join('\n')).toBe(1);
    return beside.map((line) => [line.includes('長 │'), line.includes('│ 長')].join(' '));
  });
  expect(new Set(cut).size).toBe(4);
});

it('distinguishes similar lines of a long filter', () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
  const data = homeOf([jobRow('books')]);
  const { state } = reduce(someState({ columns: 40, rows: 24 }), {
    kind: 'home',
    data,
    changed: [],
    activity: [],
  });
  const typed = reduce(press(state, '/').state, { kind: 'paste', text: 'x'.repeat(200) }).state;
  const lines = screenOf(typed);
  expect(lines.filter((line) => /^x{30,}/.test(line)).length).toBeGreaterThan(2);
  expect(complaints).not.toHaveBeenCalled();
  complaints.mockRestore();
});

it('draws a foreign text without any sequence that came with it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (foreign) => {
      const { lastFrame, unmount } = render(<Text>{`\u001b[31m${foreign}`}</Text>);
      expect(lastFrame()).toMatch(/^\P{Cc}*$/u);
      unmount();
    }),
    { numRuns: propertyRuns(60) },
  );
});

it('says in one line that the screen is too small, and how to leave', () => {
  expect(frameOf({ columns: 60, rows: 5 })).toEqual(['Too small: 40×10 or more, not 60×5. q quits.']);
});
