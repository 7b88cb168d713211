import { runFiles } from '../../core/runs/run-files.ts';
import { ItemReader } from '../items/item-reader.ts';
import type { EffectOf } from '../state/effect.ts';
import type { EffectContext } from './effect-context.ts';
import { toFailure } from './to-failure.ts';

/** The run whose items were read last: where they lie is known. */
const last = new WeakMap<EffectContext, { runId: string; reader: ItemReader }>();

/** Reads items of a run. */
export function readItems(effect: EffectOf<'read_items'>, context: EffectContext): void {
  const { jobId, runId, first, count } = effect;
  const { workspace, send } = context;
  const known = last.get(context);
  const reader =
    known?.runId === runId ? known.reader : new ItemReader(runFiles(workspace.paths, jobId, runId).items);
  last.set(context, { runId, reader });
  reader.read(first, count).then(
    (page) => send({ kind: 'items', runId, event: { kind: 'page', page } }),
    (error: unknown) =>
      send({ kind: 'items', runId, event: { kind: 'problem', text: toFailure(error).message } }),
  );
}
