import { runFiles } from '../../core/run/run-files.ts';
import { ItemReader } from '../items/item-reader.ts';
import type { EffectOf } from '../state/effect.ts';
import { failureOf } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** The run whose items were read last: where they lie is known. */
const last = new WeakMap<Surroundings, { runId: string; reader: ItemReader }>();

/** Reads items of a run. */
export function readItems(effect: EffectOf<'read_items'>, surroundings: Surroundings): void {
  const { jobId, runId, first, count } = effect;
  const { workspace, send } = surroundings;
  const known = last.get(surroundings);
  const reader =
    known?.runId === runId ? known.reader : new ItemReader(runFiles(workspace.paths, jobId, runId).items);
  last.set(surroundings, { runId, reader });
  reader.read(first, count).then(
    (page) => send({ kind: 'items', runId, event: { kind: 'page', page } }),
    (error: unknown) =>
      send({ kind: 'items', runId, event: { kind: 'problem', text: failureOf(error).message } }),
  );
}
