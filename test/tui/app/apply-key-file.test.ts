import { expect, it } from 'vitest';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import { withKeyFile } from '../../../src/tui/app/key-file.ts';

import { reduce } from '../../../src/tui/app/reduce.ts';
import { boundKeys } from '../../../src/tui/kernel/key-bindings.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../src/tui/kernel/notices.ts';
import { someState } from '../some-state.ts';

const ONE_MISTAKE = 'program.quit: X\ntimeline.opne: t\n';

function changed(state: State, text: string | undefined, problem?: string): State {
  return reduce(state, { kind: 'key_file', text, ...(problem !== undefined && { problem }) }).state;
}

function quitKeys(state: State): readonly string[] {
  const quit = ACTIONS.find(({ id }) => id === 'program.quit');
  return quit === undefined ? [] : boundKeys(quit, state.keys);
}

function lastNotice({ notices }: State): string | undefined {
  return notices.at(-1)?.text;
}

it('at the start, the keys without a mistake count', () => {
  const state = withKeyFile(someState(), { text: ONE_MISTAKE });
  expect(quitKeys(state)).toEqual(['X']);
  expect(lastNotice(state)).toMatch(/^keys\.yaml: line 2: there is no action "timeline\.opne"/);
});

it('a changed file counts at once, and so does none', () => {
  const state = changed(someState(), 'program.quit: X\n');
  expect(quitKeys(state)).toEqual(['X']);
  expect(lastNotice(state)).toBe('The keys of keys.yaml work now.');
  const gone = changed(state, undefined);
  expect(quitKeys(gone)).toEqual(['q']);
  expect(lastNotice(gone)).toBe('keys.yaml is gone: the usual keys work.');
});

it('with a mistake in it, the keys before it stay, also those that are right in it', () => {
  const state = changed(
    changed(someState(), 'program.quit: X\n'),
    'program.quit: Y\ntimeline.opne: t\nnone: t\n',
  );
  expect(quitKeys(state)).toEqual(['X']);
  expect(lastNotice(state)).toMatch(
    /^keys\.yaml: line 2: .*timeline\.open.* \(1 more; all are listed when you quit\)\. Your keys stay as they were\.$/,
  );
  expect(state.keyFile.problems).toHaveLength(2);
  const fixed = changed(state, 'program.quit: Y\n');
  expect(quitKeys(fixed)).toEqual(['Y']);
  expect(fixed.keyFile.problems).toEqual([]);
});

it('a mistake that is fixed is not shown again after the good news', () => {
  for (const mistake of [ONE_MISTAKE, undefined]) {
    const problem = mistake === undefined ? 'cannot read /keys.yaml: EACCES' : undefined;
    const wrong = changed(changed(someState(), 'program.quit: Y\n'), mistake, problem);
    expect(visibleNotice(wrong)?.tone).toBe('bad');
    const fixed = changed(wrong, 'program.quit: X\n');
    expect(visibleNotice(fixed)?.text).toBe('The keys of keys.yaml work now.');
    expect(visibleNotice(reduce(fixed, { kind: 'tick', now: fixed.now + 5000 }).state)).toBeUndefined();
  }
});

it('a file that cannot be read keeps the keys, too', () => {
  const state = changed(
    changed(someState(), 'program.quit: X\n'),
    undefined,
    'cannot read /keys.yaml: EACCES',
  );
  expect(quitKeys(state)).toEqual(['X']);
  expect(lastNotice(state)).toBe('cannot read /keys.yaml: EACCES. Your keys stay as they were.');
});

it('says nothing of a file that is what it was', () => {
  const state = withKeyFile(someState(), { text: ONE_MISTAKE });
  expect(changed(state, ONE_MISTAKE)).toBe(state);
  expect(changed(someState(), undefined).notices).toEqual([]);
});

it('forgets the beginning of a chord of the keys before', () => {
  expect(changed(someState({ chord: ['g'] }), 'program.quit: X\n').chord).toEqual([]);
});
