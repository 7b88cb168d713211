import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { HomesListing } from '../../../../src/tui/features/homes/model.ts';
import { listHomes } from '../../../../src/tui/features/homes/read-homes.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { visibleNotice, withNotice } from '../../../../src/tui/kernel/notices.ts';
import { it } from '../../../extend.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const START = { label: '~/.quickscrape', place: '~/.quickscrape', folder: '/home' };
const ACME = { label: '@acme', place: '~/acme', folder: '/acme' };
const PARIS = {
  label: '@paris',
  place: 'ssh://paris/srv',
  ssh: { host: 'paris', port: undefined, folder: '/srv', program: undefined },
};
const LISTING: HomesListing = {
  file: '~/.config/quickscrape/homes.yaml',
  homes: [ACME, START, PARIS],
  problems: [],
};

function opened(listing: Partial<HomesListing> = {}, fields: Partial<State> = {}): State {
  const { state, effects } = press(someState(fields), 'H');
  expect(effects).toEqual([{ kind: 'read_homes' }]);
  return reduce(state, { kind: 'homes_read', listing: { ...LISTING, ...listing } }).state;
}

describe('the list of homes', () => {
  it('has a sign at the selected row', () => {
    const selected = frameOf(press(opened(), 'down').state).filter((line) => line.includes('▌'));
    expect(selected).toEqual([expect.stringMatching(/│ ▌ @paris /)]);
  });

  it('shows why a home did not open also where the file of commands has a mistake', () => {
    const why = 'There is no home /gone. Make one with quickscrape init.';
    const wrong = withNotice(someState(), 'warning', 'commands.yaml:1: not a list');
    const { state } = reduce(wrong, { kind: 'home_refused', label: '@acme', why });
    expect(frameOf(reduce(state, { kind: 'homes_read', listing: LISTING }).state).join('\n')).toContain(why);
  });

  it('begins at the home that is shown, and opens another one', () => {
    const state = opened();
    expect(frameOf(state).join('\n')).toMatch(
      /@acme +~\/acme[\s\S]*~\/\.quickscrape +shown now[\s\S]*@paris +ssh:\/\/paris\/srv +over ssh/,
    );
    expect(press(state, 'down', 'enter').effects).toEqual([{ kind: 'open_home', home: PARIS }]);
    expect(press(state, 'up', 'enter').effects).toEqual([{ kind: 'open_home', home: ACME }]);
    const same = press(state, 'enter');
    expect([same.effects, visibleNotice(same.state)?.text]).toEqual([[], '~/.quickscrape is shown already.']);
    expect(press(state, 'escape').state.dialog).toBeUndefined();
  });

  it('says what is wrong in the file, or how a home gets a name', () => {
    const problems = ['homes.yaml:2: acme: "x" must be a folder', 'another'];
    expect(frameOf(opened({ problems })).join('\n')).toContain(
      'homes.yaml:2: acme: "x" must be a folder (1 more',
    );
    expect(frameOf(opened({ homes: [START] })).join('\n')).toContain(
      'homes.yaml names one: acme: ~/scrapes/acme',
    );
    expect(frameOf(press(someState(), 'H').state).join('\n')).toContain('Reading the homes…');
  });

  it('says whose homes they are, if the dashboard is shown on another machine', () => {
    expect(frameOf(opened({ machine: 'paris' })).join('\n')).toContain(
      'These are the homes of paris; q leads back to your machine.',
    );
  });

  it('shows a long problem of the file as a whole', () => {
    const problem = `homes.yaml:2: acme: ${'"x" must be a folder or an address '.repeat(4)}to the end`;
    const lines = frameOf(opened({ problems: [problem] }, { columns: 80, rows: 24 }));
    const said = lines.map((line) => /│ (.*) │/.exec(line)?.[1]?.trim() ?? '').join(' ');
    expect(said).toContain(problem);
  });

  it('opens again at a home that could not be opened, with all of the reason', () => {
    const why = `@paris: paris did not let you in. ${'ssh needs a key or an agent. '.repeat(4)}Try: ssh paris true`;
    const size = { columns: 80, rows: 24 };
    const { state, effects } = reduce(someState(size), { kind: 'home_refused', label: '@paris', why });
    expect(effects).toEqual([{ kind: 'read_homes' }]);
    const listed = reduce(state, { kind: 'homes_read', listing: LISTING }).state;
    const said = frameOf(listed).map((line) => /│ (.*) │/.exec(line)?.[1]?.trim() ?? '');
    expect(said.join(' ')).toContain(why);
    expect(press(listed, 'enter').effects).toEqual([{ kind: 'open_home', home: PARIS }]);
    // It stays among the notices, and is not said twice.
    expect([visibleNotice(listed), listed.notices.at(-1)?.text]).toEqual([undefined, why]);
  });

  it('does not leave texts that are not saved', () => {
    const draft = { yaml: 'url: x', revision: null };
    const state = opened();
    const edited = { ...state, configs: { ...state.configs, drafts: { books: draft } } } as unknown as State;
    const { state: kept, effects } = press(edited, 'up', 'enter');
    expect(effects).toEqual([]);
    expect(visibleNotice(kept)?.text).toBe('Save or discard first what you have edited: books.');
  });

  it.for(SIZES)('fits into %d × %d', ([columns, rows]) => {
    const homes = Array.from({ length: 40 }, (_, at) => ({
      label: `@home-${at}\u001b[31m漢字`.repeat(3),
      place: '/x'.repeat(80),
      folder: `/${at}`,
    }));
    expectFit(frameOf(opened({ homes }, { columns, rows })), columns, rows);
  });
});

describe('the homes of the file', () => {
  it('follow the one that the dashboard was opened with, unless it has a name', ({ folder }) => {
    const file = join(folder, 'homes.yaml');
    writeFileSync(file, 'acme: /acme\nparis: ssh://paris/srv\nwrong: x\n');
    expect(listHomes(START, file)).toMatchObject({
      homes: [START, { ...ACME, place: '/acme' }, PARIS],
      problems: [expect.stringContaining('homes.yaml:3: wrong')],
    });
    expect(listHomes({ ...START, folder: '/acme' }, file).homes.map(({ label }) => label)).toEqual([
      '@acme',
      '@paris',
    ]);
  });

  it('are none without the file, or when it cannot be read', ({ folder }) => {
    expect(listHomes(START, join(homedir(), '.config', 'none', 'homes.yaml'))).toEqual({
      file: '~/.config/none/homes.yaml',
      homes: [START],
      problems: [],
    });
    mkdirSync(join(folder, 'homes.yaml'));
    expect(listHomes(START, join(folder, 'homes.yaml'))).toMatchObject({
      homes: [START],
      problems: [expect.stringContaining('is a folder')],
    });
  });
});
