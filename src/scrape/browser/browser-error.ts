import { programCommand } from '../../core/lib/installation.ts';
import { installCommand } from '../../core/process/find-browser.ts';
import { cancelledError, ScrapeError } from '../lib/scrape-error.ts';

/**
 * Creates the error for a machine without a browser.
 * @param missing the browser that was not found
 */
export function browserNotFoundError(missing: string): ScrapeError {
  return new ScrapeError('browser', `the pages need a browser: ${missing}`, {
    hint: `Install one: ${installCommand()}. Or name one: ${programCommand()} config set browser_path FILE.`,
  });
}

/** Creates the error for a browser that did not start, or that ended. */
export function browserError(what: string, cause?: unknown): ScrapeError {
  const detail = cause instanceof Error ? `: ${firstLines(cause.message)}` : '';
  return new ScrapeError('browser', `${what}${detail}`, {
    hint: `Try to start the browser by hand: ${programCommand()} doctor shows which one is used. If memory was short, the system may have ended it.`,
    cause,
  });
}

function firstLines(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matches the colour codes of a terminal
  const plain = text.replaceAll(/\x1b\[[\d;]*m/g, '');
  const lines = plain.split('\n').filter((line) => /\S/.test(line));
  return lines.slice(0, 3).join(' ').slice(0, 300);
}

/**
 * Waits for work in a browser, which may hang in a script forever.
 * @throws ScrapeError `cancelled`, or the error of `late` after the time-out; the errors of `work`
 */
export async function withTimeout<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal,
  late: () => ScrapeError,
): Promise<T> {
  if (signal.aborted) throw cancelledError(signal);
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
    onAbort = () => reject(cancelledError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Prevents an unhandled rejection after the time-out.
    work.catch(() => undefined);
  }
}
