import { runFiles } from '../../core/run/run-files.ts';
import { LogReader } from '../log/log-reader.ts';
import type { EffectOf } from '../state/effect.ts';
import type { WatchOf } from '../state/watch.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

const open = new WeakMap<Surroundings, Map<string, LogReader>>();

/** Reads the log of a run as it grows. */
export function watchLog({ jobId, runId }: WatchOf<'log'>, surroundings: Surroundings): StopWatch {
  const { workspace, send } = surroundings;
  const readers = open.get(surroundings) ?? new Map<string, LogReader>();
  open.set(surroundings, readers);
  const { log } = runFiles(workspace.paths, jobId, runId);
  const reader = new LogReader(log, (event) => send({ kind: 'log', runId, event }));
  readers.set(runId, reader);
  return () => {
    readers.delete(runId);
    reader.close();
  };
}

/** Reads what the viewer of a log asks for; nobody asks any more when it was closed. */
export function readLog({ runId, wish }: EffectOf<'read_log'>, surroundings: Surroundings): void {
  open.get(surroundings)?.get(runId)?.wish(wish);
}
