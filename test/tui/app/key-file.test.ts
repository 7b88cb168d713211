import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import { footerParts } from '../../../src/tui/app/footer.ts';
import { helpRows } from '../../../src/tui/app/help-rows.ts';
import { parseKeyFile } from '../../../src/tui/app/key-file.ts';
import { paletteRows } from '../../../src/tui/app/palette.tsx';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { currentView } from '../../../src/tui/kernel/step.ts';
import { configFilePath, readUserFile } from '../../../src/tui/runtime/watch-user-file.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { homeOf, jobRow } from '../job-rows.ts';
import { press, someState } from '../some-state.ts';

function read(text: string) {
  return parseKeyFile(text, ACTIONS);
}

function dashboardWith(text: string): State {
  const { bindings, problems } = read(text);
  expect(problems).toEqual([]);
  const state = { ...someState(), keys: bindings };
  return reduce(state, { kind: 'home', data: homeOf([jobRow('a'), jobRow('b')]), changed: [], activity: [] })
    .state;
}

it('gives actions other keys, which footer, help and palette show', () => {
  const state = dashboardWith('timeline.open: [ctrl+t, "g t"]\n');
  expect(currentView(press(state, 'T').state).name).toBe('jobs');
  expect(currentView(press(state, 'ctrl+t').state).name).toBe('timeline');
  expect(currentView(press(state, 'g', 't').state).name).toBe('timeline');
  expect(footerParts(state, 400)).toContainEqual({ key: 'Ctrl-T', word: 'timeline' });
  const row = helpRows(state, 'timeline').find((each) => each.kind === 'action');
  expect(row?.keys).toBe('Ctrl-T, g t');
  expect(paletteRows(state, 'timeline.open')[0]?.key).toBe('Ctrl-T');
});

it('an action that is disabled has no key, and is still found by its name', () => {
  const state = dashboardWith('jobs.delete: disabled\n');
  expect(press(state, 'd').state.dialog).toBeUndefined();
  expect(paletteRows(state, 'delete')).toContainEqual(expect.objectContaining({ key: '' }));
});

it('an action whose key is given to another one in the same place loses it, elsewhere it keeps it', () => {
  const state = dashboardWith('timeline.open: d\n');
  expect(currentView(press(state, 'd').state).name).toBe('timeline');
  expect(press(state, 'delete').state.dialog).toMatchObject({ kind: 'confirm' });
  // In the list of jobs g is the beginning of g g.
  const chord = dashboardWith('timeline.open: g\n');
  expect(currentView(press(chord, 'g').state).name).toBe('timeline');
  expect(chord.keys.get('jobs.first')).toEqual(['home']);
});

it('a key that is changed in one view stays the same everywhere else', () => {
  const state = dashboardWith('log.filter: "?"\ntrash.filter: escape\n');
  expect(press(state, '?').state.dialog).toMatchObject({ kind: 'help' });
  expect(currentView(press(state, 'T', 'escape').state).name).toBe('jobs');
  const trash = press(state, 'Z', 'escape').state;
  expect([currentView(trash).name, trash.trash.filter.isOpen]).toEqual(['trash', true]);
});

it('the last keys of an action that is listed twice count, with a warning', () => {
  const { bindings, problems } = read('help.open: h\nhelp.open: H\n');
  expect(problems).toEqual(['keys.yaml: line 2: help.open is listed twice: this one counts']);
  expect(bindings.get('help.open')).toEqual(['H']);
});

it('reports errors with their lines, and keeps the rest', () => {
  const { bindings, problems } = read(
    'timeline.opne: x\njobs.delete: crtl+d\nhelp.open: [h, ctrl+c]\ntrash.open: x\nprogram.quit: [[q]]\njobs.run: x\n',
  );
  expect(problems).toEqual([
    expect.stringMatching(
      /^keys.yaml: line 1: there is no action "timeline.opne"; did you mean timeline.open,/,
    ),
    expect.stringMatching(/^keys.yaml: line 2: jobs.delete: "crtl\+d" is not a key: it must be a character/),
    'keys.yaml: line 3: help.open: ctrl+c cannot be chosen: it always quits',
    'keys.yaml: line 5: program.quit: must be a key, a list of keys, or "disabled"',
    expect.stringMatching(
      /^keys.yaml: line [46]: (trash.open|jobs.run) cannot have the key x: (trash.open|jobs.run) has x$/,
    ),
  ]);
  expect(bindings.get('help.open')).toEqual(['h']);
  expect(bindings.has('program.quit')).toBe(false);
});

it.each([
  ['a: [', /^keys.yaml: line 1: /],
  ['- j', /^keys.yaml: it must be a map such as/],
  ['3', /^keys.yaml: it must be a map such as/],
])('a file that is no map of keys changes nothing: %s', (text, problem) => {
  const { bindings, problems } = read(text);
  expect([bindings.size, problems.length]).toEqual([0, 1]);
  expect(problems[0]).toMatch(problem);
});

it('a missing file gives no text, an empty one no keys; an unreadable one is reported', () => {
  const folder = tempFolder();
  expect(readUserFile(join(folder, 'none', 'keys.yaml'))).toEqual({ text: undefined });
  expect(read('')).toEqual({ wanted: new Map(), bindings: new Map(), problems: [] });
  const taken = join(folder, 'folder.yaml');
  mkdirSync(taken);
  expect(readUserFile(taken).problem).toBe(`${taken} is a folder, not a regular file`);
});

it.skipIf(lacks('shell'))('a pipe in the place of the file is reported, and does not block', () => {
  const pipe = join(tempFolder(), 'keys.yaml');
  execFileSync('mkfifo', [pipe]);
  expect(readUserFile(pipe)).toEqual({ text: undefined, problem: `${pipe} is a pipe, not a regular file` });
});

it('is where the XDG specification says', () => {
  expect(configFilePath('key_file', { XDG_CONFIG_HOME: '/etc/me' })).toBe('/etc/me/quickscrape/keys.yaml');
  expect(configFilePath('key_file', { XDG_CONFIG_HOME: 'not/absolute' })).toMatch(
    /\/\.config\/quickscrape\/keys\.yaml$/,
  );
});
