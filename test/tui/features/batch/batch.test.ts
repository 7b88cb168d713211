import { describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import type { CallEffect } from '../../../../src/tui/kernel/call.ts';
import type { Effect, State } from '../../../../src/tui/kernel/model.ts';
import { FakeHome } from '../../fake-home.ts';
import { homeOf as homeWith, jobRow } from '../../job-rows.ts';
import { run } from '../../run-output.ts';
import { press, someState, typed } from '../../some-state.ts';

function homeOf(count: number): { home: FakeHome; state: State } {
  const home = new FakeHome();
  for (let index = 0; index < count; index += 1) home.add(`job-${String(index).padStart(2, '0')}`);
  return { home, state: reduce(someState(), home.event()).state };
}

function calls(effects: readonly Effect[]): CallEffect[] {
  return effects.filter((effect): effect is CallEffect => effect.kind === 'call');
}

describe('an action on jobs', () => {
  it('is meant for the selected job, or for all that are marked', () => {
    const { state } = homeOf(4);
    expect(calls(press(state, 'j', 'r').effects)).toMatchObject([
      { name: 'run_job', params: { job_id: 'job-01' } },
    ]);
    const marked = press(state, 'space', 'j', 'space', 'r', 'y');
    expect(calls(marked.effects).map(({ params }) => params)).toEqual([
      { job_id: 'job-00' },
      { job_id: 'job-02' },
    ]);
  });

  it('asks for no tags of a job whose file cannot be used, and says why', () => {
    const broken = jobRow('broken', { state: 'invalid', definition: null, error: 'broken.json:3: no comma' });
    const of = (...jobs: JobRow[]) =>
      reduce(someState(), { kind: 'home', data: homeWith(jobs), changed: [], activity: [] }).state;
    const refused = press(of(broken), '#').state;
    expect(refused.dialog).toBeUndefined();
    expect(refused.notices.at(-1)?.text).toBe('Change the tags: Its file cannot be used.');
    expect(press(of(broken, jobRow('fine')), '*', '#').state.dialog).toMatchObject({ kind: 'tags' });
  });

  it('says what a run waits for, and nothing of the moment until it starts', () => {
    const { state } = homeOf(1);
    const asked = press(state, 'r');
    const [{ tag = '' } = {}] = calls(asked.effects);
    const said = (waits_for: string) => {
      const output = { run: { ...run('r1', { status: 'queued' }), waits_for }, warnings: [] };
      return reduce(asked.state, { kind: 'answer', name: 'run_job', tag, ok: true, output }).state.notices.at(
        -1,
      )?.text;
    };
    expect(said('all 4 slots are in use')).toBe('job-00 was started; it waits: all 4 slots are in use.');
    expect(said('it is about to start')).toBe('job-00 was started.');
  });

  it('asks before it deletes, names the jobs, and takes neither Enter nor the same key for yes', () => {
    const { home, state } = homeOf(3);
    const asked = press(state, '*', 'd');
    expect(asked.effects).toEqual([]);
    expect(asked.state.dialog).toMatchObject({
      title: 'Delete 3 jobs?',
      names: ['job-00', 'job-01', 'job-02'],
      lines: [expect.stringContaining('30 days')],
    });
    const still = press(asked.state, 'd', 'enter', 'space');
    expect(still).toMatchObject({ effects: [], state: { dialog: { kind: 'confirm' } } });
    const yes = press(still.state, 'y');
    home.settle(yes.state, yes.effects);
    expect(home.jobs.size).toBe(0);
  });

  it('wants the number typed for more than ten, and takes nothing else for it', () => {
    const { home, state } = homeOf(12);
    const asked = press(state, '*', 'd');
    expect(press(asked.state, 'y', 'enter').effects).toEqual([]);
    const yes = press(asked.state, ...typed('12'), 'enter');
    home.settle(yes.state, yes.effects);
    expect(home.jobs.size).toBe(0);
  });

  it('is not offered where it makes no sense, with the reason', () => {
    const { home, state } = homeOf(1);
    expect(press(state, 'x').state.notices.at(-1)?.text).toContain('It has no active run.');
    expect(press(state, 'p').state.notices.at(-1)?.text).toContain('It is not paused.');
    expect(press(state, 't').state.notices.at(-1)?.text).toContain('None of its last runs failed.');
    const empty = reduce(state, new FakeHome().event([...home.jobs.keys()])).state;
    expect(press(empty, 'd').state.notices.at(-1)?.text).toContain('No job is selected.');
  });

  it('gives tags and takes them, the rest stay', () => {
    const home = new FakeHome();
    home.add('news', { tags: ['old', 'kept'] });
    const state = reduce(someState(), home.event()).state;
    const changed = press(state, '#', ...typed('+daily, -old'), 'enter');
    home.settle(changed.state, changed.effects);
    expect(home.definitions()['news']?.tags).toEqual(['kept', 'daily']);
    expect(press(state, '#', 'enter').state.dialog).toMatchObject({ problem: 'Type at least one tag.' });
  });

  it('says that a job was deleted while its tags were being written', () => {
    const { home, state } = homeOf(1);
    const writing = press(state, '#', ...typed('daily')).state;
    const gone = reduce(writing, new FakeHome().event([...home.jobs.keys()])).state;
    const { state: after, effects } = press(gone, 'enter');
    expect(effects).toEqual([]);
    expect(after.notices.at(-1)?.text).toMatch(/deleted meanwhile, nothing was tagged/);
  });

  it('disables all when one of them is enabled, else enables all', () => {
    const home = new FakeHome();
    home.add('a', { enabled: false });
    home.add('b', { enabled: true });
    const state = reduce(someState(), home.event()).state;
    const off = press(state, '*', 'a', 'y');
    const after = home.settle(off.state, off.effects);
    expect(Object.values(home.definitions()).map(({ enabled }) => enabled)).toEqual([false, false]);
    const told = reduce(press(after, 'escape').state, home.event()).state;
    const on = press(told, 'a', 'y');
    home.settle(on.state, on.effects);
    expect(Object.values(home.definitions()).map(({ enabled }) => enabled)).toEqual([true, true]);
  });
});

describe('a bulk action', () => {
  it('limits the calls at once, and goes on with each answer', () => {
    const { home, state } = homeOf(9);
    const begun = press(state, '*', 'd', 'y');
    const first = calls(begun.effects);
    expect(first).toHaveLength(4);
    const [one] = first;
    if (one === undefined) throw new TypeError('no call');
    expect(calls(reduce(begun.state, home.answer(one)).effects)).toHaveLength(1);
  });

  it('ends in a list of results, refusals first with their reason, which scrolls and closes', () => {
    const { home, state } = homeOf(60);
    home.editElsewhere('job-40', { description: 'theirs' });
    const begun = press(state, '*', 'd', ...typed('60'), 'enter');
    expect(begun.state.dialog).toMatchObject({ kind: 'results', top: 0 });
    const after = home.settle(begun.state, begun.effects);
    expect([...home.jobs.keys()]).toEqual(['job-40']);
    expect(after.notices.at(-1)).toMatchObject({ tone: 'warning', text: '59 jobs deleted, 1 refused.' });
    const scrolled = press(after, 'pagedown', 'end', 'end', 'up').state;
    // 60 rows, of which 30 - 6 fit.
    expect(scrolled.dialog).toMatchObject({ kind: 'results', top: 35 });
    expect(press(scrolled, 'escape').state.dialog).toBeUndefined();
  });

  it('goes on when its list is closed, and can be opened again', () => {
    const { home, state } = homeOf(6);
    const begun = press(state, '*', 'd', 'y');
    const closed = press(begun.state, 'escape');
    const after = home.settle(closed.state, begun.effects);
    expect(home.jobs.size).toBe(0);
    expect(after.dialog).toBeUndefined();
    const again = press(after, ':', ...typed('result for each'), 'enter');
    expect(again.state.dialog).toMatchObject({ kind: 'results' });
  });

  it('says of a single job what became of it, without a list', () => {
    const { home, state } = homeOf(1);
    const begun = press(state, 'd', 'y');
    const after = home.settle(begun.state, begun.effects);
    expect(after.dialog).toBeUndefined();
    expect(after.notices.at(-1)?.text).toBe('job-00 was deleted. u undoes it.');
  });
});
