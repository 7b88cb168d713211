import { describe, expect, it } from 'vitest';
import { subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { findDraft } from '../../../../src/tui/features/config-editor/config-state.ts';
import { activeRunRows } from '../../../../src/tui/features/config-editor/result-rows.ts';
import type { HomeData } from '../../../../src/tui/home/home-data.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';
import { press } from '../../some-state.ts';
import { afterEvents, answerTo, brokenRun, callOf, configRow, homeWith, YAML } from './some-configs.ts';

describe('R on a job', () => {
  it('opens its configuration with what the last run found, on the kept page', () => {
    const { state, effects } = press(press(homeWith(configRow('shop')), 'escape').state, 'R');
    expect(state.views.at(-1)).toEqual({ name: 'config' });
    expect(state.configs.editor.name).toBe('shop');
    const call = callOf(effects, 'get_run');
    expect(call.params).toMatchObject({ run_id: 'broken' });
    const told = afterEvents(state, answerTo(call, { output: brokenRun() }));
    expect(told.configs.editor).toMatchObject({ source: 'kept', run: { runId: 'broken', jobId: 'books' } });
  });

  it('says why not where there is nothing to look at', () => {
    const jobs = [jobRow('books', { configName: 'shop', last: null, state: 'new' })];
    const home = press(homeWith(configRow('shop')), 'escape').state;
    if (home.home === undefined) throw new TypeError('no home');
    const data = { ...home.home, jobs };
    const fresh = afterEvents(home, { kind: 'home', data, changed: ['books'], activity: [] });
    const pressed = press(fresh, 'R').state;
    expect(pressed.views).toHaveLength(1);
    expect(pressed.notices.at(-1)?.text).toContain('It has not run yet.');
  });
});

describe('the run that is asked for again', () => {
  const bench = () => press(press(homeWith(configRow('shop')), 'escape').state, 'R').state;

  it('is not one of a text that is not saved', () => {
    const edited = afterEvents(bench(), {
      kind: 'text_edited',
      tag: 'configs.edit:shop',
      text: `${YAML}# x\n`,
    });
    expect(findDraft(edited, 'shop')).toBeDefined();
    const { state, effects } = press(edited, 'r');
    expect(effects).toEqual([]);
    expect(state.notices.at(-1)?.text).toContain('Save it first');
  });

  it('is followed, and opened when it has finished', () => {
    const before = bench();
    const call = callOf(press(before, 'r').effects, 'run_job');
    expect(call.params).toEqual({ job_id: 'books' });
    const asked = afterEvents(
      before,
      answerTo(call, { output: { run: { job_id: 'books', run_id: 'again' } } }),
    );
    if (asked.home === undefined) throw new TypeError('no home');
    const words = (run: object) => {
      const active = [{ runId: 'again', items: 3, pages: 1, ...run }] as unknown as JobRow['active'];
      const home = { ...asked.home, jobs: [jobRow('books', { active })] } as HomeData;
      return activeRunRows({ ...asked, home }, 80)
        .flatMap(({ spans }) => spans.map(({ text }) => text))
        .join('');
    };
    // Before it begins there is nothing to count.
    expect(words({ status: 'queued', startedAt: null }).trim()).toBe('Run again of books: queued');
    expect(words({ status: 'running', startedAt: NOW })).toContain('running, 3 items from 1 page');
    const last = pastRun({ runId: 'again', items: 40 });
    const jobs = [jobRow('books', { configName: 'shop', last, history: [last] })];
    const over = {
      kind: 'home',
      data: { ...asked.home, jobs, readAt: NOW },
      changed: [],
      activity: [],
    } as const;
    const looked = afterEvents(asked, over);
    expect(looked.configs.editor.run).toMatchObject({ runId: 'again', output: null });
    // Nothing else is looked after than before.
    expect(subscriptionsOf(looked)).toEqual(subscriptionsOf(asked));
  });
});
