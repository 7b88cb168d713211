import { runFiles } from '../../core/runs/run-files.ts';
import { LogReader } from '../log/log-reader.ts';
import type { EffectOf } from '../state/effect.ts';
import type { SubscriptionOf } from '../state/subscription.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';

const openReaders = new WeakMap<EffectContext, Map<string, LogReader>>();

/** Reads the log of a run as it grows. */
export function watchLog({ jobId, runId }: SubscriptionOf<'log'>, context: EffectContext): Unsubscribe {
  const { workspace, send } = context;
  const readers = openReaders.get(context) ?? new Map<string, LogReader>();
  openReaders.set(context, readers);
  const { log } = runFiles(workspace.paths, jobId, runId);
  const reader = new LogReader(log, (event) => send({ kind: 'log', runId, event }));
  readers.set(runId, reader);
  return () => {
    readers.delete(runId);
    reader.close();
  };
}

/** Reads what the viewer of a log asks for; nobody asks any more when it was closed. */
export function readLog({ runId, request }: EffectOf<'read_log'>, context: EffectContext): void {
  openReaders.get(context)?.get(runId)?.request(request);
}
