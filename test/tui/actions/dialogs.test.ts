import { describe, expect, it } from 'vitest';
import { footerParts } from '../../../src/tui/actions/footer.ts';
import { helpRows } from '../../../src/tui/actions/help.ts';
import { matchOf } from '../../../src/tui/actions/match.ts';
import { paletteRows } from '../../../src/tui/actions/palette.ts';
import { reduce } from '../../../src/tui/reduce.ts';
import type { DialogOf } from '../../../src/tui/state/dialog.ts';
import type { Effect } from '../../../src/tui/state/effect.ts';
import { press, someState, typed } from '../some-state.ts';

describe('the palette', () => {
  it('finds an action by words of it, in any order, and by scattered letters', () => {
    expect(paletteRows(someState(), 'quit')[0]?.action.id).toBe('program.quit');
    expect(paletteRows(someState(), 'keys all')[0]?.action.id).toBe('help.open');
    expect(paletteRows(someState(), 'swmouse')[0]?.action.id).toBe('program.mouse');
    expect(paletteRows(someState(), 'xyzzy')).toEqual([]);
  });

  it('puts titles that begin so first, then those with a word that does, and no scattered letters beside them', () => {
    const titles = paletteRows(someState(), 'run').map(({ action }) => action.title);
    expect(titles[0]).toBe('Run the job now');
    expect(titles.indexOf('Show the runs of the job')).toBeLessThan(
      titles.indexOf('Cancel the run under way'),
    );
    const named = titles.map((title) => (/run/i.test(title) ? 0 : 1));
    expect(named).toEqual([...named].sort());
    const shows = paletteRows(someState(), 'show').map(({ action }) => action);
    expect(shows.filter(({ title, group, id }) => !/show/i.test(`${title} ${group} ${id}`))).toEqual([]);
    const begins = shows.map(({ title }) => (title.startsWith('Show') ? 0 : 1));
    expect(begins).toEqual([...begins].sort());
  });

  it('lists what cannot be done last, with the reason, and moving about after the rest', () => {
    const rows = paletteRows(someState(), '');
    expect(rows.find(({ action }) => action.id === 'jobs.run')?.reason).toBe('No job is selected.');
    const ranks = rows.map(
      ({ action, reason }) => `${reason === undefined ? 1 : 2}${action.group === 'Move' ? 2 : 1}`,
    );
    expect(ranks).toEqual([...ranks].sort());
  });

  it('puts no other action in the place of the one that was meant, though that cannot be done', () => {
    expect(paletteRows(someState(), 'run the job')[0]?.action.id).toBe('jobs.run');
    expect(paletteRows(someState({ readOnly: true }), 'edit the settings')[0]?.action.id).toBe(
      'settings.edit',
    );
  });

  it('carries out what Enter is pressed on, all typed at once', () => {
    const { state, effects } = press(someState(), ':', ...typed('quit'), 'enter');
    expect(effects).toEqual([{ kind: 'quit', exitCode: 0 }]);
    expect(state.dialog).toBeUndefined();
  });

  it('says why not when the action cannot be done', () => {
    const { state, effects } = press(someState(), ':', ...typed('run the job'), 'enter');
    expect(effects).toEqual([]);
    expect(state.notices.at(-1)).toMatchObject({
      tone: 'warning',
      text: 'Run the job now: No job is selected.',
    });
  });

  it('moves, stays within its rows, and closes with Esc', () => {
    const { state } = press(someState(), ':', 'up', 'down', 'down', ...Array<string>(20).fill('pagedown'));
    const rows = paletteRows(state, '').length;
    expect(state.dialog).toMatchObject({ kind: 'palette', index: rows - 1 });
    expect(press(state, 'escape').state.dialog).toBeUndefined();
  });
});

describe('how a query fits a text', () => {
  it('is better for words than within words, and better there than for scattered letters', () => {
    const scores = [
      matchOf('run', 'run the job'),
      matchOf('run', 'the run'),
      matchOf('run', 'a prune'),
      matchOf('run', 'a job', 'run'),
      matchOf('run', 'r-u-n'),
      matchOf('run', 'our unit nears'),
    ];
    expect(scores).toEqual([...scores].sort((a = Number.NaN, b = Number.NaN) => a - b));
    expect(new Set(scores).size).toBe(6);
    expect(matchOf('nur', 'run')).toBeUndefined();
  });

  it('takes a long text that was pasted, and signs that mean something in patterns', () => {
    expect(matchOf('(a+)+$'.repeat(5000), 'a'.repeat(100))).toBeUndefined();
    expect(matchOf('[x', 'an [x] here')).toBeDefined();
  });
});

describe('the help', () => {
  it('has every action that can be reached, under its group, and finds by key or word', () => {
    const rows = helpRows(someState(), '');
    expect(rows[0]).toEqual({ kind: 'group', group: 'Move' });
    expect(helpRows(someState(), 'ctrl-z').filter(({ kind }) => kind === 'action')).toMatchObject([
      { action: { id: 'program.suspend' } },
    ]);
  });

  it('opens and closes with ?, and takes letters as what to find', () => {
    const { state } = press(someState(), '?', ...typed('page'));
    expect(state.dialog).toMatchObject({ kind: 'help', query: { text: 'page' } });
    expect(press(someState(), '?', '?').state.dialog).toBeUndefined();
  });
});

describe('the question before something that is not easily undone', () => {
  const effects: readonly Effect[] = [{ kind: 'quit', exitCode: 7 }];
  const ask = (count?: number) => {
    const dialog: DialogOf<'confirm'> = {
      kind: 'confirm',
      ...{ title: 'Delete 1 job?', lines: ['news'], effects, typed: '' },
      ...(count !== undefined && { count }),
    };
    return someState({ dialog });
  };

  it('takes y for yes', () => {
    expect(press(ask(), 'y')).toMatchObject({ effects, state: { dialog: undefined } });
  });

  it.each(['enter', 'space', 'Y', 'd', 'tab'])('does nothing at %s', (key) => {
    const after = press(ask(), key);
    expect(after.effects).toEqual([]);
    expect(after.state.dialog?.kind).toBe('confirm');
  });

  it('takes no pasted y', () => {
    expect(reduce(ask(), { kind: 'paste', text: 'y' }).effects).toEqual([]);
  });

  it.each(['n', 'escape'])('takes %s for no', (key) => {
    expect(press(ask(), key)).toMatchObject({ effects: [], state: { dialog: undefined } });
  });

  it('wants the number typed where there is one', () => {
    expect(press(ask(12), 'y', 'enter').effects).toEqual([]);
    expect(press(ask(12), '1', 'enter').effects).toEqual([]);
    expect(press(ask(12), '1', '3', 'backspace', '2', 'enter').effects).toEqual(effects);
  });
});

describe('chords', () => {
  it('wait for their second key, which counts for itself when it is no part of one', () => {
    expect(press(someState(), 'g').state.chord).toEqual(['g']);
    expect(press(someState(), 'g', 'g').state.chord).toEqual([]);
    expect(press(someState(), 'g', 'q').effects).toEqual([{ kind: 'quit', exitCode: 0 }]);
    expect(press(someState(), 'g', 'escape').state.chord).toEqual([]);
  });
});

describe('the footer', () => {
  it('shows what can be done, as much as fits, and always the way to help and out', () => {
    const wide = footerParts(someState(), 100).map(({ word }) => word);
    expect(wide).toEqual(expect.arrayContaining(['pane', 'actions', 'help', 'quit']));
    expect(footerParts(someState(), 20).map(({ word }) => word)).toEqual(['help', 'quit']);
  });

  it('shows the keys of a chord that is begun', () => {
    expect(footerParts(press(someState(), 'g').state, 100)).toEqual([{ key: 'g', word: '…' }]);
  });
});
