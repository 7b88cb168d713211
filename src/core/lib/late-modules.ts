import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { QuickscrapeError } from './errors.ts';
import { describeReinstall } from './installation.ts';
import { isProgramReplaced } from './program-replaced.ts';

/** Between two modules, in milliseconds: nothing that this process does meanwhile waits for more than one of them. */
const GAP_MS = 10;

const declared = new Set<() => Promise<unknown>>();

/**
 * Declares a module that is loaded when it is first needed. A process that runs for weeks loads all that are declared,
 * with {@link loadLateModules}, while their files are still there.
 * @returns loads it; every call has the same promise, unless loading failed
 */
export function late<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  const get = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw toLoadError(error);
    });
    return loading;
  };
  declared.add(get);
  return get;
}

/**
 * Loads the declared modules one after the other, with those that they declare in turn, after a delay in milliseconds.
 * It keeps no process alive. A module that cannot be loaded is left to the call that needs it.
 */
export async function loadLateModules(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(delayMs, undefined, { signal, ref: false });
    // A set also yields what is added while it is read.
    for (const load of declared) {
      await load().catch(() => {});
      await delay(GAP_MS, undefined, { signal, ref: false });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** An upgrade replaces the files of a program that runs: those that it has not loaded yet have other names then. */
function toLoadError(error: unknown): unknown {
  const file = missingModule(error);
  if (file === undefined) return error;
  return isProgramReplaced()
    ? new QuickscrapeError('program_replaced', 'this QuickScrape was upgraded while it ran', {
        hint: { id: 'restart_program' },
        cause: error,
      })
    : new QuickscrapeError('internal', `a file of QuickScrape is missing: ${basename(file)}`, {
        hint: describeReinstall(),
        cause: error,
      });
}

/** The file that an import did not find. */
function missingModule(error: unknown): string | undefined {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND')
    return undefined;
  return /^Cannot find module '([^']+)'/.exec(error.message)?.[1];
}
