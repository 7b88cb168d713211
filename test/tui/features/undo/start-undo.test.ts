import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobDefinition } from '../../../../src/core/model/definition.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { changeJobs, DISABLE } from '../../../../src/tui/features/batch/actions.ts';
import { selectedJob } from '../../../../src/tui/features/jobs/reducer.ts';
import { nextEntry } from '../../../../src/tui/features/undo/journal.ts';
import type { Direction } from '../../../../src/tui/features/undo/model.ts';
import type { CallEffect } from '../../../../src/tui/kernel/call.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { FakeHome } from '../../fake-home.ts';
import { press, someState } from '../../some-state.ts';

const IDS = ['a', 'b', 'c'] as const;

function homeWith(...ids: readonly string[]): { home: FakeHome; state: State } {
  const home = new FakeHome();
  for (const id of ids) home.add(id);
  return { home, state: reduce(someState(), home.event()).state };
}

/** As a form calls: with a tag of its own. */
function call(home: FakeHome, state: State, effect: Pick<CallEffect, 'name' | 'params'>): State {
  return home.settle(state, [{ kind: 'call', ...effect, tag: 'form' } as CallEffect]);
}

function edit(home: FakeHome, state: State, id: string, changes: Partial<JobDefinition>): State {
  return call(home, state, { name: 'update_job', params: { job_id: id, changes } });
}

/** Presses a key, says yes where it is asked, and lets the calls be answered. */
function turn(home: FakeHome, state: State, key: 'u' | 'ctrl+r'): State {
  const asked = press(state, key);
  const done =
    asked.state.dialog?.kind === 'confirm' ? press(asked.state, 'y') : { ...asked, effects: asked.effects };
  const after = home.settle(done.state, done.effects);
  return after.dialog?.kind === 'results' ? press(after, 'escape').state : after;
}

function turnAll(home: FakeHome, state: State, direction: Direction, look: boolean): State {
  let next = state;
  while (nextEntry(next.journal, direction) !== undefined) {
    next = turn(home, next, direction === 'undo' ? 'u' : 'ctrl+r');
    if (look) next = reduce(next, home.event()).state;
  }
  return next;
}

const change = fc.oneof(
  fc.record({ description: fc.constantFrom(null, 'x', 'y') }),
  fc.record({ tags: fc.constantFrom<string[][]>([], ['old'], ['new', 'old']) }),
  fc.record({ enabled: fc.boolean() }),
  fc.record({ max_retries: fc.integer({ min: 0, max: 3 }) }),
);

const deed = fc.record({
  id: fc.constantFrom(...IDS),
  what: fc.oneof(
    fc.record({ kind: fc.constant('edit' as const), change }),
    fc.record({ kind: fc.constant('delete' as const) }),
    fc.record({ kind: fc.constant('create' as const) }),
    fc.record({ kind: fc.constant('disable all' as const) }),
    fc.record({ kind: fc.constant('undo' as const) }),
  ),
  /** Whether the home tells of it before the next one. */
  look: fc.boolean(),
});

function executed(
  home: FakeHome,
  state: State,
  { id, what }: typeof deed extends fc.Arbitrary<infer D> ? D : never,
) {
  switch (what.kind) {
    case 'edit':
      return home.jobs.has(id) ? edit(home, state, id, what.change) : state;
    case 'delete':
      return home.jobs.has(id) ? call(home, state, { name: 'delete_job', params: { job_id: id } }) : state;
    case 'create':
      // An id that waits in the trash is not made anew: of one id only the newest comes back.
      return home.wasThere(`new-${id}`)
        ? state
        : call(home, state, { name: 'create_job', params: { job_id: `new-${id}` } as never });
    case 'disable all': {
      const jobs = (reduce(state, home.event()).state.home?.jobs ?? []).filter(({ enabled }) => enabled);
      const begun = changeJobs(state, DISABLE, jobs);
      const yes = begun.state.dialog?.kind === 'confirm' ? press(begun.state, 'y') : begun;
      const after = home.settle(yes.state, yes.effects);
      return { ...after, dialog: undefined };
    }
    default:
      return nextEntry(state.journal, 'undo') === undefined ? state : turn(home, state, 'u');
  }
}

describe('undo', () => {
  it('restores the former state after any sequence, and redo the later one', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 25 }), fc.boolean(), (deeds, look) => {
        const { home, state } = homeWith(...IDS);
        const first = home.definitions();
        let made = state;
        for (const each of deeds) {
          made = executed(home, made, each);
          if (each.look) made = reduce(made, home.event()).state;
        }
        const last = home.definitions();
        const redoable = nextEntry(made.journal, 'redo') === undefined;
        const undone = turnAll(home, made, 'undo', look);
        expect(home.definitions()).toEqual(first);
        if (!redoable) return;
        turnAll(home, undone, 'redo', look);
        expect(home.definitions()).toEqual(last);
      }),
      { numRuns: 150 },
    );
  });

  it('selects a restored job when the home reports it', () => {
    const { home, state } = homeWith('a', 'b', 'c');
    const gone = call(home, state, { name: 'delete_job', params: { job_id: 'a' } });
    const without = reduce(gone, home.event()).state;
    expect(selectedJob(without)?.id).toBe('b');
    const back = reduce(turn(home, without, 'u'), home.event()).state;
    expect(selectedJob(back)?.id).toBe('a');
    // Who has gone elsewhere meanwhile stays there.
    const moved = press(turn(home, without, 'u'), 'j').state;
    expect(selectedJob(reduce(moved, home.event()).state)?.id).toBe('c');
  });

  it('takes back a new job by deleting it, after a question, and brings it back', () => {
    const { home, state } = homeWith('a');
    const made = call(home, state, { name: 'create_job', params: { job_id: 'b' } as never });
    const asked = press(made, 'u');
    expect(asked.effects).toEqual([]);
    expect(asked.state.dialog).toMatchObject({ kind: 'confirm', names: ['b'] });
    const undone = turn(home, made, 'u');
    expect(Object.keys(home.definitions())).toEqual(['a']);
    turn(home, undone, 'ctrl+r');
    expect(Object.keys(home.definitions())).toEqual(['a', 'b']);
  });

  it('is not begun a second time while it is active', () => {
    const { home, state } = homeWith('a', 'b');
    const asked = changeJobs(state, DISABLE, state.home?.jobs ?? []).state;
    const yes = press(asked, 'y');
    const disabled = reduce(home.settle(yes.state, yes.effects), home.event()).state;
    const first = press(disabled, 'u');
    expect(first.effects).toHaveLength(2);
    const second = press(first.state, 'u');
    expect(second.effects).toEqual([]);
    expect(second.state.notices.at(-1)?.text).toContain('has not finished yet');
    const after = home.settle(second.state, first.effects);
    expect(Object.values(home.definitions()).map(({ enabled }) => enabled)).toEqual([true, true]);
    expect(nextEntry(after.journal, 'undo')).toBeUndefined();
  });

  it('drops the redo once something else is done', () => {
    const { home, state } = homeWith('a');
    const undone = turn(home, edit(home, state, 'a', { description: 'x' }), 'u');
    const other = edit(home, undone, 'a', { description: 'y' });
    expect(press(other, 'ctrl+r').state.notices.at(-1)?.text).toContain('Nothing was undone.');
  });

  it('is not there with --read-only, nor before anything was done', () => {
    const { home, state } = homeWith('a');
    expect(press(state, 'u').state.notices.at(-1)?.text).toContain('Nothing was changed here.');
    const changed = { ...edit(home, state, 'a', { description: 'x' }), readOnly: true };
    expect(press(changed, 'u')).toMatchObject({ effects: [] });
    expect(press(changed, 'U', 'enter')).toMatchObject({ effects: [] });
  });
});

describe('undo of a job that was changed elsewhere meanwhile', () => {
  it('leaves a change of the same field, and names its author', () => {
    const { home, state } = homeWith('a');
    const edited = edit(home, state, 'a', { description: 'mine' });
    home.editElsewhere('a', { description: 'theirs' });
    const after = turn(home, reduce(edited, home.event()).state, 'u');
    expect(home.definitions()['a']?.description).toBe('theirs');
    expect(after.notices.at(-1)?.text).toBe(
      'a was not changed back: description was changed meanwhile by an agent',
    );
    expect(nextEntry(after.journal, 'undo')).toBeUndefined();
  });

  it('offers to restore the fields that were not changed elsewhere', () => {
    const { home, state } = homeWith('a');
    const edited = edit(home, state, 'a', { description: 'mine', tags: ['mine'] });
    home.editElsewhere('a', { description: 'theirs' });
    const told = reduce(edited, home.event()).state;
    const asked = press(told, 'u');
    expect(asked.effects).toEqual([]);
    expect(asked.state.dialog).toMatchObject({
      kind: 'confirm',
      lines: ['a was changed meanwhile by an agent.', '  Restored: tags. Not changed: description.'],
    });
    const undone = turn(home, told, 'u');
    expect(home.definitions()['a']).toMatchObject({ description: 'theirs', tags: [] });
    expect(undone.notices.at(-1)?.tone).toBe('good');
  });

  it('does nothing before the home has reported the change, and can be repeated', () => {
    const { home, state } = homeWith('a');
    const edited = edit(home, state, 'a', { description: 'mine' });
    home.editElsewhere('a', { description: 'theirs' });
    const after = turn(home, edited, 'u');
    expect(home.definitions()['a']?.description).toBe('theirs');
    expect(after.notices.at(-1)?.text).toContain('revision 3');
    expect(nextEntry(after.journal, 'undo')).toBeDefined();
  });

  it('does not delete a new job that was edited elsewhere, nor one that was deleted there', () => {
    const { home, state } = homeWith('a');
    const made = call(home, state, { name: 'create_job', params: { job_id: 'b' } as never });
    home.editElsewhere('b', { description: 'theirs' });
    const after = turn(home, reduce(made, home.event()).state, 'u');
    expect(after.notices.at(-1)?.text).toContain('it is not deleted');
    expect(home.jobs.has('b')).toBe(true);
  });

  it('does not bring a job back over one that took its id', () => {
    const { home, state } = homeWith('a');
    const deleted = call(home, state, { name: 'delete_job', params: { job_id: 'a' } });
    home.add('a', { description: 'another' });
    const after = turn(home, reduce(deleted, home.event()).state, 'u');
    expect(after.notices.at(-1)?.text).toContain('there is a job with this id again');
    expect(home.definitions()['a']?.description).toBe('another');
  });

  it('puts back the others of several, and lists the one it left', () => {
    const { home, state } = homeWith(...IDS);
    const marked = press(state, '*', 'a', 'y');
    const disabled = press(home.settle(marked.state, marked.effects), 'escape').state;
    expect(Object.values(home.definitions()).map(({ enabled }) => enabled)).toEqual([false, false, false]);
    home.editElsewhere('b', { description: 'theirs', enabled: true });
    home.editElsewhere('b', { enabled: false, config_name: 'other' });
    home.editElsewhere('c', { description: 'theirs' });
    const told = reduce(disabled, home.event()).state;
    const asked = press(told, 'u');
    expect(asked.state.dialog).toMatchObject({
      lines: [
        'b was changed meanwhile by an agent.',
        '  Restored: enabled. Not changed: config_name, description.',
        'c was changed meanwhile by an agent.',
        '  Restored: enabled. Not changed: description.',
      ],
    });
    turn(home, told, 'u');
    expect(home.definitions()).toMatchObject({
      a: { enabled: true },
      b: { enabled: true, config_name: 'other' },
      c: { enabled: true, description: 'theirs' },
    });
  });

  it('shows the number of others’ changes and the first ones, when they are many', () => {
    const ids = Array.from({ length: 8 }, (_, index) => `job-${index}`);
    const { home, state } = homeWith(...ids);
    const marked = press(state, '*', 'a', 'y');
    const disabled = press(home.settle(marked.state, marked.effects), 'escape').state;
    for (const id of ids.slice(1)) home.editElsewhere(id, { description: 'theirs' });
    const { dialog } = press(reduce(disabled, home.event()).state, 'u').state;
    const lines = dialog?.kind === 'confirm' ? dialog.lines : [];
    expect(lines[0]).toBe('7 of 8 were changed meanwhile; the changes of others stay.');
    expect(lines.slice(-3)).toEqual([
      'job-5 was changed meanwhile by an agent.',
      '  Restored: enabled. Not changed: description.',
      'and 2 more',
    ]);
  });
});

describe('the journal', () => {
  it('lists own actions, newest first, and undoes the chosen one', () => {
    const { home, state } = homeWith('a', 'b');
    const once = edit(home, state, 'a', { description: 'x' });
    const twice = edit(home, once, 'b', { description: 'x' });
    const chosen = press(twice, 'U', 'j', 'enter');
    home.settle(chosen.state, chosen.effects);
    expect(home.definitions()).toMatchObject({ a: { description: null }, b: { description: 'x' } });
  });

  it('records neither actions without a change nor others’ changes', () => {
    const { home, state } = homeWith('a');
    expect(edit(home, state, 'a', { description: null }).journal.entries).toEqual([]);
    const answer = home.answer({
      kind: 'call',
      name: 'update_job',
      params: { job_id: 'a', changes: { description: 'x' } },
      tag: 'form',
    });
    if (!answer.ok || answer.was?.version == null) throw new TypeError('no version');
    const earlier = { ...answer.was.version, revision: answer.was.version.revision - 1 };
    const seen = { ...answer, was: { jobId: 'a', version: earlier } } as typeof answer;
    expect(reduce(state, seen).state.journal.entries).toEqual([]);
  });
});
