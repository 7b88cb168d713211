import { QuickscrapeError } from '../lib/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { OpenItems } from '../runs/item-file.ts';
import { type ConcealedRun, type ConcealRow, createRowConcealer } from '../runs/row-concealer.ts';
import type { Item } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';

/**
 * Returns a function that hides from a client the values of {@link createRowConcealer}. Rows that a client's own text
 * extracted hold none (scrape/extract/conceal-page.ts), but those of the person's texts do. Filters, sorting and counts
 * must see the concealed rows, or else a count would say whether a guess is right. `undefined` when nothing is hidden,
 * as for the person.
 * @throws QuickscrapeError `not_allowed` for a run with a value that is not known here: it could not be hidden
 */
export function rowConcealer(
  workspace: Workspace,
  { reviewConfig }: OperationContext,
  runs: readonly ConcealedRun[],
): ConcealRow | undefined {
  if (reviewConfig === undefined) return undefined;
  const { conceal, lost } = createRowConcealer(workspace, runs);
  const [first] = lost;
  if (first !== undefined) throw lostVariablesError(first.runId, first.names);
  return conceal;
}

/** The first rows of a run as a client sees them, or why it sees none. */
export function concealSample(
  workspace: Workspace,
  context: OperationContext,
  run: RunRecord,
  sample: Item[],
): { rows: Item[]; refused: string[] } {
  if (sample.length === 0) return { rows: [], refused: [] };
  try {
    const conceal = rowConcealer(workspace, context, [run]);
    return { rows: conceal === undefined ? sample : sample.map(conceal), refused: [] };
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.code !== 'not_allowed') throw error;
    return { rows: [], refused: [`No items are shown. ${error.message}`] };
  }
}

function lostVariablesError(runId: string, lost: readonly string[]): QuickscrapeError {
  const names = lost.map((name) => `\${${name}}`).join(', ');
  return new QuickscrapeError(
    'not_allowed',
    `run_id: run ${runId} filled in ${names}, which is not set for this server or has changed since`,
    {
      field: 'run_id',
      hint: 'Its rows may hold the value, which cannot be removed from them. Ask the person to look at them, to set the variable for this server, or to run the job again.',
    },
  );
}

/** The same items, without the values. */
export function concealItems(items: OpenItems, conceal: ConcealRow | undefined): OpenItems {
  if (conceal === undefined) return items;
  return {
    async *items(offset) {
      for await (const batch of items.items(offset))
        yield batch.map(({ item, place }) => ({ item: conceal(item), place }));
    },
    read: async (place) => conceal(await items.read(place)),
    close: () => items.close(),
  };
}
