import { statSync } from 'node:fs';
import { readHomeEnvironment } from '../configs/home-environment.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { type Conceal, createConcealer } from '../lib/redact.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { OpenItems } from '../runs/item-file.ts';
import { type Item, runFiles } from '../runs/run-files.ts';
import { checkRunVariables } from '../runs/run-variables.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';

/** Removes secret values from a row. */
export type ConcealRow = (item: Item) => Item;

type ConcealedRun = Pick<RunRecord, 'configName' | 'jobId' | 'runId' | 'startedAt' | 'queuedAt'>;
type HomeEnvironment = ReturnType<typeof readHomeEnvironment>;

/** A reference to a variable in the text of a configuration. */
const REFERENCE = /\$\{([A-Za-z_]\w*)\}/g;

/**
 * Returns a function that hides from a client the values of `secrets.env`, and of the variables that the runs'
 * configurations name: a site may say them again, and an address of the page holds them. Rows that a client's own text
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
  const home = readHomeEnvironment(workspace.paths);
  const { env, secrets } = home;
  const names = runs.flatMap((run) => {
    const { names, lost } = findVariables(workspace, run, home);
    if (lost.length > 0) throw lostVariablesError(run.runId, lost);
    return names;
  });
  const filledIn = Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
  const conceal = createConcealer({ ...secrets, ...filledIn });
  return conceal && ((item) => concealValue(item, conceal) as Item);
}

/**
 * The variables whose values rows may hold, and those whose old value is unknown. A run of an earlier version recorded
 * nothing: the variables of its configuration count, with the values that they have now. These are not the ones that it
 * filled in if they are not set, or if secrets.env was written after it started.
 */
function findVariables(
  workspace: Workspace,
  { configName, jobId, runId, startedAt, queuedAt }: ConcealedRun,
  { env, secrets }: HomeEnvironment,
): { names: string[]; lost: string[] } {
  const named = [...readText(workspace, configName).matchAll(REFERENCE)].map(([, name = '']) => name);
  const recorded = checkRunVariables(runFiles(workspace.paths, jobId, runId), env);
  if (recorded !== undefined) return { names: [...recorded.names, ...named], lost: recorded.lost };
  const changedAt = statSync(workspace.paths.secrets, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isLater = changedAt > (startedAt ?? queuedAt);
  const isLost = (name: string) => env[name] === undefined || (isLater && secrets[name] !== undefined);
  return { names: named, lost: named.filter(isLost) };
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

function readText({ configs }: Workspace, name: string): string {
  try {
    return configs.read(name).yaml;
  } catch {
    return '';
  }
}

function concealValue(value: unknown, conceal: Conceal): unknown {
  if (typeof value === 'string') return conceal([value])[0] ?? '';
  if (typeof value === 'number') return concealNumber(value, conceal);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => concealValue(entry, conceal));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, concealValue(inner, conceal)]),
  );
}

/** A number is only hidden if it is a value as a whole: a short value would be in many numbers. */
function concealNumber(value: number, conceal: Conceal): number | string {
  const [shown = ''] = conceal([String(value)]);
  return /^\$\{\w+\}$/.test(shown) ? shown : value;
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
