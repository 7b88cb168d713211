import { capLog } from '../../core/execution/log-cap.ts';
import { sanitizeLog } from '../../core/runs/sanitize-log.ts';

const CHECK_INTERVAL_MS = 250;

/**
 * Keeps a run's log within its cap, and free of what a terminal may act upon, while this process lives, whoever writes to
 * it: this process, its callbacks, and what they started.
 * @returns what ends it, with a last look
 */
export function startLogCapping(file: string): () => void {
  let clean = 0;
  const check = () => {
    try {
      // The cut goes first: what it takes away need not be cleaned, and it may halve a character.
      if (capLog(file)) clean = 0;
      clean = sanitizeLog(file, clean);
    } catch {
      // No log, or a disk that refuses: the run counts for more.
    }
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    check();
  };
}
