import type { RunRepairs } from '../../../../src/core/diagnostics/runs/find-repairs.ts';
import type { BrokenSelector } from '../../../../src/core/quality/broken-selectors.ts';
import { footerParts } from '../../../../src/tui/app/footer.ts';
import { subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { repairRows } from '../../../../src/tui/features/config-editor/repair-rows.ts';
import type { Event, State } from '../../../../src/tui/kernel/model.ts';
import { rowText } from '../../row-text.ts';
import { press } from '../../some-state.ts';
import { afterEvents, answerTo, brokenRun, callOf, configRow, homeWith } from './some-configs.ts';

export const PRICE: BrokenSelector = {
  ...{ part: 'field', field: 'price', path: 'selectors.price', selector: '.price', matched: 0, usual: 40 },
  proposal: { value: '.amount-now', filled: 20, rows: 20, first: '£10.80', basis: 'earlier_page' },
};
export function repairs(fields: Partial<RunRepairs> = {}): RunRepairs {
  return {
    ...{ runId: 'broken', cause: 'page_changed', isOtherPage: false, page: 'kept', problem: null },
    ...{ explanation: [], isChangedSince: false, broken: [PRICE], after: null },
    before: { rows: 20, matches: { title: 20, price: 0 }, first: { title: 'Dune', price: null } },
    ...fields,
  };
}

/** R on the job whose last run failed, with the run's own figures. */
export function opened(state: State = homeWith(configRow('shop')), keptPages = 1): State {
  const { state: next, effects } = press(press(state, 'escape').state, 'R');
  return afterEvents(next, answerTo(callOf(effects, 'get_run'), { output: brokenRun(keptPages) }));
}

export function found(state: State, fields: Partial<RunRepairs> = {}): State {
  const id = state.configs.editor.repair?.id ?? 0;
  return afterEvents(state, { kind: 'repairs_found', id, outcome: { ok: true, found: repairs(fields) } });
}

/** The event with which a text comes back in which the proposal was written. */
export function written(state: State, edit: (yaml: string) => string): Event {
  const { id, yaml } = subscription(state, 'write_selector');
  return { kind: 'selector_written', id, outcome: { ok: true, yaml: edit(yaml) } };
}

export function subscription<K extends 'repairs' | 'write_selector' | 'test_run'>(state: State, kind: K) {
  const one = subscriptionsOf(state).find((each) => each.kind === kind);
  if (one === undefined) throw new TypeError(`no ${kind}`);
  return one as Extract<typeof one, { kind: K }>;
}

export const take = (state: State, to: string): State => {
  const taken = press(state, 'enter').state;
  return afterEvents(
    taken,
    written(taken, (yaml) => yaml.replace(': .price', `: ${to}`)),
  );
};

export const rowsOf = (state: State, columns = 100) => repairRows(state, columns).map((row) => rowText(row));
export const wordsOf = (state: State) => rowsOf(state, 1_000).join(' ');
export const keysOf = (state: State) => footerParts(state, 60).map(({ key, word }) => `${key} ${word}`);
