import type { OperationOutput } from '../../../../src/core/operations/call-operation.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { ConfigRow } from '../../../../src/tui/features/config-editor/model.ts';
import { summarizeConfig } from '../../../../src/tui/features/config-editor/summary.ts';
import type { HomeData } from '../../../../src/tui/home/home-data.ts';
import type { CallEffect, Failure } from '../../../../src/tui/kernel/call.ts';
import type { Effect, Event, State } from '../../../../src/tui/kernel/model.ts';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

export const YAML = `name: shop
url: https://shop.example/
item: article
selectors:
  title: h3
  price: .price
`;

export function configRow(name: string, yaml = YAML, fields: Partial<ConfigRow> = {}): ConfigRow {
  return {
    ...{ name, file: `/home/configs/${name}.yaml`, updatedAt: NOW, yaml, problem: null, by: null },
    ...{ revision: `r${yaml.length}`, summary: summarizeConfig(yaml) },
    ...fields,
  };
}

/** The state after some events. */
export function afterEvents(state: State, ...events: readonly Event[]): State {
  return events.reduce((before, event) => reduce(before, event).state, state);
}

/** A dashboard with these configurations, and a job `books` that uses `shop` and whose last run failed. */
export function homeWith(...rows: readonly ConfigRow[]): State {
  const jobs = [
    jobRow('books', {
      configName: 'shop',
      last: pastRun({ runId: 'broken', status: 'failed' }),
      state: 'failed',
    }),
  ];
  const scheduler: HomeData['scheduler'] = {
    ...{ pid: null, since: null, version: null, slots: 4, slotsUsed: 0, queued: 0, held: null, warnings: [] },
    state: 'off',
  };
  const data = homeOf(jobs, { scheduler });
  const home = { kind: 'home', data, changed: ['books'], activity: [] } as const;
  return afterEvents(press(afterEvents(someState({ columns: 150, rows: 40 }), home), 'c').state, {
    kind: 'configs',
    rows,
  });
}

/** What `get_run` tells of the failed run. */
export function brokenRun(keptPages = 1): OperationOutput<'get_run'> {
  const selectors = [
    {
      part: 'field',
      field: 'title',
      selector: 'h3',
      matched: 40,
      pages: 2,
      filled: 40,
      usual: 40,
      stopped: false,
    },
    {
      part: 'field',
      field: 'price',
      selector: '.price',
      matched: 0,
      pages: 0,
      filled: 0,
      usual: 40,
      stopped: true,
    },
  ];
  const run = { run_id: 'broken', job_id: 'books', status: 'failed', items: 0, pages: 2 };
  const error = { kind: 'no_items', message: 'no items on 2 pages' };
  const kept = Array.from({ length: keptPages }, () => ({ url: 'https://shop.example/', fetched_at: 'x' }));
  return {
    ...{ attempts: [], log_tail: [], sample: [], selectors, kept_pages: kept },
    run: { ...run, error },
  } as unknown as OperationOutput<'get_run'>;
}

/** The call among some effects that has this name. */
export function callOf(effects: readonly Effect[], name: CallEffect['name']): CallEffect {
  const call = effects.find((effect): effect is CallEffect => effect.kind === 'call' && effect.name === name);
  if (call === undefined) throw new Error(`no call of ${name} in ${JSON.stringify(effects)}`);
  return call;
}

/** The answer to a call, as it comes back. */
export function answerTo(call: CallEffect, outcome: { output: unknown } | { failure: Failure }): Event {
  const { name, tag, done, quiet } = call;
  const asked = { kind: 'answer', name, tag, ...(done !== undefined && { done }), ...(quiet && { quiet }) };
  return { ...asked, ok: 'output' in outcome, ...outcome } as unknown as Event;
}
