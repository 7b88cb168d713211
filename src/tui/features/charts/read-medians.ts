import type { Event, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { currentView, step } from '../../kernel/step.ts';
import { type FieldMedians, mediansOf, runsWithMedians } from './field-medians.ts';

/** The medians of a job's fields; `asked` is the run whose items are being read. */
export interface ShownMedians {
  readonly jobId: string;
  readonly byRun: FieldMedians;
  readonly asked?: string;
}

const TAG = 'charts.medians.';

/** Draws the medians of the job's fields, too, or no longer. */
export function switchMedians(state: State): Step {
  const view = currentView(state);
  if (view.name !== 'charts') return step(state);
  const { medians } = state.charts;
  if (medians?.jobId === view.jobId) return step(withMedians(state, undefined));
  const next = readNext(withMedians(state, { jobId: view.jobId, byRun: {} }));
  return next.effects.length > 0
    ? next
    : step(withNotice(state, 'info', 'No run of the job has items whose fields could be drawn.'));
}

/** Takes the figures of one run, and asks for the next one; `undefined` for every other event. */
export function takeMedians(state: State, event: Event): Step | undefined {
  if (event.kind !== 'answer' || event.name !== 'list_items' || !event.tag.startsWith(TAG)) return undefined;
  const { medians } = state.charts;
  const runId = medians?.asked;
  if (medians === undefined || runId === undefined || event.tag !== `${TAG}${runId}`) return step(state);
  // The items of an old run may be gone: then nothing is drawn of it.
  const found = event.ok ? mediansOf(event.output.stats) : {};
  return readNext(withMedians(state, { jobId: medians.jobId, byRun: { ...medians.byRun, [runId]: found } }));
}

/** Asks for the figures of the newest run that was not read yet, as long as the charts of its job are open. */
export function readNext(state: State): Step {
  const view = currentView(state);
  const { medians } = state.charts;
  if (medians === undefined || view.name !== 'charts' || view.jobId !== medians.jobId) return step(state);
  if (medians.asked !== undefined) return step(state);
  const run = runsWithMedians(state.runs.runs ?? []).find(({ run_id }) => !(run_id in medians.byRun));
  if (run === undefined) return step(state);
  return step(withMedians(state, { ...medians, asked: run.run_id }), {
    kind: 'call',
    name: 'list_items',
    params: { run_id: run.run_id, limit: 0, stats: true },
    tag: `${TAG}${run.run_id}`,
    quiet: true,
  });
}

function withMedians(state: State, medians: ShownMedians | undefined): State {
  const { medians: _, ...charts } = state.charts;
  return { ...state, charts: medians === undefined ? charts : { ...charts, medians } };
}
