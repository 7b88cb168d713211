import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reachableActions } from '../../../src/tui/app/actions.ts';
import { footerParts } from '../../../src/tui/app/footer.ts';
import { COMMAND_ACTIONS, paletteRows } from '../../../src/tui/app/palette.tsx';
import { reduce } from '../../../src/tui/app/reduce.ts';
import { inNamedHome } from '../../../src/tui/kernel/action.ts';
import type { DialogOf, Effect, State } from '../../../src/tui/kernel/model.ts';
import {
  abbreviationRanges,
  foundRanges,
  fuzzyScore,
  matchedSynonym,
} from '../../../src/tui/ui/text/match-text.ts';
import { frameOf } from '../frame-of.tsx';
import { homeOf, jobRow } from '../job-rows.ts';
import { press, someState, typed } from '../some-state.ts';

afterEach(cleanup);

describe('the palette', () => {
  it('finds an action by words of it, in any order, and by the beginnings of its words', () => {
    expect(paletteRows(someState(), 'quit')[0]?.action.id).toBe('program.quit');
    expect(paletteRows(someState(), 'keys all')[0]?.action.id).toBe('help.open');
    expect(paletteRows(someState(), 'swmouse')[0]?.action.id).toBe('program.mouse');
    expect(paletteRows(someState(), 'xyzzy')).toEqual([]);
    // Its own title, which it does not list.
    expect(paletteRows(someState(), 'Find an action by its name')).toEqual([]);
  });

  it.each([
    ['kill', 'jobs.cancel'],
    ['exit', 'program.quit'],
    ['theme', 'looks.contrast'],
    ['history', 'jobs.happenings'],
    ['duplicate', 'form.copy'],
    ['graph', 'charts.open'],
    ['diff', 'items.compare'],
    ['compare', 'items.compare'],
    ['wizard', 'configs.open'],
    ['trash', 'trash.open'],
    ['start', 'scheduler.start'],
    ['doctor', 'command.doctor'],
    ['refresh', 'command.refresh'],
    ['settings', 'settings.edit'],
    ['help', 'help.open'],
  ])('finds by %s first of all %s', (query, id) => {
    expect(paletteRows(someState(), query)[0]?.action.id).toBe(id);
  });

  it('answers with the command what only a command does, in each view', () => {
    for (const views of [
      [{ name: 'jobs' }],
      [{ name: 'jobs' }, { name: 'log', jobId: 'a', runId: 'r' }],
    ] as const) {
      const [first] = paletteRows(someState({ views }), 'systemd');
      expect(first).toMatchObject({ key: '', reason: 'In a shell: quickscrape scheduler unit' });
    }
    const { state, effects } = press(someState(), ':', ...typed('upgrade'), 'enter');
    expect(effects).toEqual([]);
    expect(state.notices.at(-1)?.text).toBe('Upgrade the program: In a shell: quickscrape upgrade');
  });

  it('runs the command that only prints, and shows its text in the pager', () => {
    const { state, effects } = press(someState({ readOnly: true }), ':', ...typed('doctor'), 'enter');
    expect(effects).toEqual([{ kind: 'page_command', args: ['doctor'], tag: 'command.doctor' }]);
    expect(state.notices.at(-1)?.text).toBe('Checking the home …');
  });

  it('says where in the dashboard something can be done that cannot be done here', () => {
    expect(paletteRows(someState(), 'diff')).toMatchObject([
      { key: 'c', reason: 'Only in the runs of a job.' },
      ...Array.from({ length: paletteRows(someState(), 'diff').length - 1 }, () => ({})),
    ]);
    const views = [{ name: 'jobs' }, { name: 'runs', jobId: 'news' }] as const;
    expect(paletteRows(someState({ views }), 'diff')[0]?.reason).toBe('No run is selected.');
  });

  it('finds nothing by letters that are scattered over a sentence', () => {
    for (const query of ['zooom', 'print', 'graphql']) expect(paletteRows(someState(), query)).toEqual([]);
  });

  it('finds each action by each of its synonyms', () => {
    const actions = [...reachableActions(someState()), ...COMMAND_ACTIONS];
    const pairs = actions.flatMap(({ id, synonyms = [] }) => synonyms.map((synonym) => ({ id, synonym })));
    expect(pairs.length).toBeGreaterThan(80);
    const missed = pairs.filter(
      ({ id, synonym }) => !paletteRows(someState(), synonym).some(({ action }) => action.id === id),
    );
    expect(missed).toEqual([]);
  });

  it('puts titles that begin so first, then those with a word that does, and no scattered letters beside them', () => {
    const titles = paletteRows(someState(), 'run').map(({ action }) => action.title);
    expect(titles[0]).toBe('Run the job now');
    expect(titles.indexOf('Show the runs of the job')).toBeLessThan(titles.indexOf('Cancel the active run'));
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

  it('begins with what can be done where only a part of a word matches, and with the word that was meant', () => {
    const home = { kind: 'home', data: homeOf([jobRow('news')]), changed: [], activity: [] } as const;
    const { state } = reduce(someState(), home);
    const first = (query: string) => paletteRows(state, query)[0];
    expect(first('res')).toMatchObject({ action: { id: 'transfer.restore' }, reason: undefined });
    expect(first('resume')).toMatchObject({ action: { id: 'jobs.resume' }, reason: expect.any(String) });
    expect(first('sto')).toMatchObject({ action: { id: 'scheduler.stop' }, reason: expect.any(String) });
  });

  it('puts no other action in the place of the one that was meant, though that cannot be done', () => {
    expect(paletteRows(someState(), 'run the job')[0]?.action.id).toBe('jobs.run');
    expect(paletteRows(someState({ readOnly: true }), 'edit the settings')[0]?.action.id).toBe(
      'settings.edit',
    );
  });

  it('names the home in its commands when the user named it', () => {
    const state = someState({ namedHome: '/srv/my home' });
    const reasonFor = (of: State) => paletteRows(of, 'systemd')[0]?.reason;
    expect(reasonFor(state)).toBe("In a shell: quickscrape --home '/srv/my home' scheduler unit");
    expect(reasonFor(someState())).toBe('In a shell: quickscrape scheduler unit');
    const both = 'quickscrape job run a && quickscrape job run b';
    expect(inNamedHome(both, state)).toBe(
      "quickscrape --home '/srv/my home' job run a && quickscrape --home '/srv/my home' job run b",
    );
    expect(inNamedHome(both, someState())).toBe(both);
    const open = press(state, ':', ...typed('show what the scheduler')).state;
    expect(frameOf(open).join('\n')).toContain("$ quickscrape --home '/srv/my home' scheduler status");
  });

  it('puts what can be done before what cannot where both match as well, names Enter only for it, and marks the words found', () => {
    const data = homeOf([jobRow('news')]);
    const scheduler = { ...data.scheduler, state: 'running', pid: 7 } as const;
    const event = { kind: 'home', changed: [], activity: [] } as const;
    const state = reduce(someState(), { ...event, data: { ...data, scheduler } }).state;
    const rows = paletteRows(state, 'stop').map(({ action, reason }) => [action.id, reason]);
    expect(rows.slice(0, 2)).toEqual([
      ['jobs.toggle', undefined],
      ['jobs.cancel', 'It has no active run.'],
    ]);
    expect(foundRanges('sto run', 'Stop the scheduler when its runs have finished')).toEqual([
      [0, 3],
      [28, 31],
    ]);
    expect(foundRanges('kill', 'Cancel the active run')).toEqual([]);
    expect(matchedSynonym('kil', 'Cancel the active run', ['stop', 'kill'])).toBe('kill');
    expect(matchedSynonym('run', 'Cancel the active run', ['runs'])).toBeUndefined();
    expect(abbreviationRanges('swm', 'Switch the mouse')).toEqual([
      [0, 2],
      [11, 12],
    ]);
    expect(abbreviationRanges('xyz', 'Switch the mouse')).toEqual([]);
    const linesOf = (query: string, ...keys: string[]) =>
      frameOf(press(state, ':', ...typed(query), ...keys).state);
    const pointed = (...of: [string, ...string[]]) => linesOf(...of).find((line) => /▌ .*│/.test(line)) ?? '';
    expect(pointed('stop')).toContain('▌ Enable or disable');
    expect(pointed('kill')).toMatch(/▌ Cancel the active run \(kill\) +It has no active run\./);
    expect(linesOf('kill').at(-1)).not.toContain('Enter');
    expect(linesOf('stop').at(-1)).toContain('Enter do it');
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
      fuzzyScore('run', 'run the job'),
      fuzzyScore('run', 'the run'),
      fuzzyScore('run', 'a prune'),
      fuzzyScore('run', 'a job', 'run'),
      fuzzyScore('run', 'r-u-n'),
      fuzzyScore('run', 'our unit nears'),
    ];
    expect(scores).toEqual([...scores].sort((a = Number.NaN, b = Number.NaN) => a - b));
    expect(new Set(scores).size).toBe(6);
    expect(fuzzyScore('nur', 'run')).toBeUndefined();
  });

  it('is not worse for the beginning of a title because another search word begins with it, too', () => {
    const synonyms = ['rerun', 'repeat', 'resume'];
    expect(fuzzyScore('res', 'resume a job', '', synonyms)).toBe(fuzzyScore('res', 'restore it'));
    expect(fuzzyScore('rep', 'resume a job', '', synonyms)).toBeGreaterThan(
      fuzzyScore('res', 'resume a job', '', synonyms) ?? Number.NaN,
    );
    expect(fuzzyScore('resume', 'resume a job', '', synonyms)).toBe(-1);
  });

  it('takes a long text that was pasted, and signs that mean something in patterns', () => {
    expect(fuzzyScore('(a+)+$'.repeat(5000), 'a'.repeat(100))).toBeUndefined();
    expect(fuzzyScore('[x', 'an [x] here')).toBeDefined();
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
    const begun = press(someState(), 'g').state;
    expect(footerParts(begun, 100)).toEqual([
      { key: 'g g', word: 'go to the first job' },
      { key: 'g c', word: 'charts' },
    ]);
    expect(footerParts(begun, 25)).toEqual([{ key: 'g g', word: 'go to the first job' }]);
  });
});
