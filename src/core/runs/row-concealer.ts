import { statSync } from 'node:fs';
import type { ConfigStore } from '../configs/config-store.ts';
import { readHomeEnvironment } from '../configs/home-environment.ts';
import { getWrittenValues } from '../configs/written-secrets.ts';
import type { HomePaths } from '../fs/paths.ts';
import { type Conceal, createConcealer } from '../lib/redact.ts';
import type { RunRecord } from '../model/run-record.ts';
import { type Item, runFiles } from './run-files.ts';
import { checkRunVariables } from './run-variables.ts';

/** Removes secret values from a row. */
export type ConcealRow = (item: Item) => Item;

/** A run, as far as its secret values depend on it. */
export type ConcealedRun = Pick<RunRecord, 'configName' | 'jobId' | 'runId' | 'startedAt' | 'queuedAt'>;

type HomeEnvironment = ReturnType<typeof readHomeEnvironment>;

interface ConcealerContext {
  paths: HomePaths;
  configs: Pick<ConfigStore, 'read'>;
}

/** A reference to a variable in the text of a configuration. */
const REFERENCE = /\$\{([A-Za-z_]\w*)\}/g;

/**
 * Returns a function that hides the values of `secrets.env`, of the variables that the runs' configurations name, and the
 * secrets that are written in these: a site may say them again, and an address of the page holds them.
 * @returns `conceal` is `undefined` when nothing is hidden. `lost` are the runs with values that are not known here and
 *   cannot be hidden, with the names of the variables
 */
export function createRowConcealer(
  { paths, configs }: ConcealerContext,
  runs: readonly ConcealedRun[],
): { conceal: ConcealRow | undefined; lost: { runId: string; names: string[] }[] } {
  const home = readHomeEnvironment(paths);
  const { env, secrets } = home;
  const found = runs.map((run) => ({ runId: run.runId, ...findVariables({ paths, configs }, run, home) }));
  const values: Record<string, string> = { ...secrets };
  for (const { names, known } of found)
    for (const name of names) {
      // Of two configurations, the headers have the same names and other values.
      let free = name;
      const value = known[name] ?? env[name] ?? '';
      while (Object.hasOwn(known, name) && (values[free] ?? value) !== value) free += '_';
      values[free] = value;
    }
  const conceal = createConcealer(values);
  return {
    conceal: conceal && ((item) => concealValue(item, conceal) as Item),
    lost: found.flatMap(({ runId, lost }) => (lost.length > 0 ? [{ runId, names: lost }] : [])),
  };
}

/**
 * The variables whose values rows may hold, and those whose old value is unknown. A run of an earlier version recorded
 * nothing: the variables of its configuration count, with the values that they have now. These are not the ones that it
 * filled in if they are not set, or if secrets.env was written after it started.
 */
function findVariables(
  { paths, configs }: ConcealerContext,
  { configName, jobId, runId, startedAt, queuedAt }: ConcealedRun,
  { env, secrets }: HomeEnvironment,
): { names: string[]; lost: string[]; known: Record<string, string> } {
  const text = readText(configs, configName);
  const known = getWrittenValues(text);
  const named = [...text.matchAll(REFERENCE)].map(([, name = '']) => name);
  const names = [...named, ...Object.keys(known)];
  const recorded = checkRunVariables(runFiles(paths, jobId, runId), { ...env, ...known });
  if (recorded !== undefined) return { names: [...recorded.names, ...names], lost: recorded.lost, known };
  const changedAt = statSync(paths.secrets, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isLater = changedAt > (startedAt ?? queuedAt);
  const isLost = (name: string) => env[name] === undefined || (isLater && secrets[name] !== undefined);
  return { names, lost: named.filter(isLost), known };
}

function readText(configs: ConcealerContext['configs'], name: string): string {
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
