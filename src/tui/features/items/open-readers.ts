import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type JoinedRuns, joinRuns } from '../../../core/operations/join-runs.ts';
import { makeProcessTempFolder } from '../../../core/process/process-temp-folder.ts';
import { runFiles } from '../../../core/runs/run-files.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import { ItemReader, Replaced } from './item-reader.ts';
import type { ComparedRuns, ShownRows } from './model.ts';

/** Two runs side by side, in a file of this process. */
interface OpenJoin {
  readonly withRunId: string | undefined;
  readonly file: string;
  readonly runs: Promise<JoinedRuns>;
  /** It reads the file once that is complete. */
  readonly reader: Promise<ItemReader>;
  close(): void;
}

/** The run whose items were read last. */
interface OpenRun {
  readonly runId: string;
  readonly reader: ItemReader;
  join: OpenJoin | undefined;
}

const last = new WeakMap<EffectContext, OpenRun>();

function openRun({ jobId, runId }: ShownRows, context: EffectContext): OpenRun {
  const known = last.get(context);
  if (known?.runId === runId) return known;
  void known?.reader.close();
  known?.join?.close();
  const reader = new ItemReader(runFiles(context.workspace.paths, jobId, runId).items);
  const opened: OpenRun = { runId, reader, join: undefined };
  last.set(context, opened);
  return opened;
}

/** The reader of the rows that are shown. @throws as {@link joinRuns} */
export function readerOf(rows: ShownRows, context: EffectContext): Promise<ItemReader> {
  if (rows.joined) return openJoin(rows, context).reader;
  return Promise.resolve(openRun(rows, context).reader);
}

/** The file of the rows that are shown. @throws as {@link joinRuns} */
export async function fileOfRows(rows: ShownRows, context: EffectContext): Promise<string | undefined> {
  if (!rows.joined) return undefined;
  const { file, runs } = openJoin(rows, context);
  await runs;
  return file;
}

/**
 * Puts two runs side by side, once.
 * @param onProgress called with the share of the work that is done, from 0 to 1
 */
export function openJoin(
  rows: ComparedRuns,
  context: EffectContext,
  onProgress?: (share: number) => void,
): OpenJoin {
  const run = openRun(rows, context);
  if (run.join !== undefined && run.join.withRunId === rows.withRunId) return run.join;
  run.join?.close();
  const join = startJoin(rows, context, onProgress);
  run.join = join;
  join.runs.catch(() => {
    if (run.join === join) run.join = undefined;
    join.close();
  });
  return join;
}

function startJoin(
  { runId, withRunId }: ComparedRuns,
  { workspace }: EffectContext,
  onProgress?: (share: number) => void,
): OpenJoin {
  const folder = makeProcessTempFolder('quickscrape-compare-');
  const file = join(folder, 'items.jsonl');
  const replaced = new AbortController();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const runs = joinRuns(workspace, file, { runId, withRunId, signal: replaced.signal, onProgress });
  const reader = runs.then(() => new ItemReader(file));
  reader.catch(() => undefined);
  return {
    withRunId,
    file,
    runs,
    reader,
    close() {
      replaced.abort(new Replaced());
      process.off('exit', remove);
      reader.then((open) => open.close()).then(remove, remove);
    },
  };
}
