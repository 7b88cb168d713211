import { readSync } from 'node:fs';
import { START } from '../../core/execution/run-process-args.ts';
import { sleepSync } from '../../core/process/sleep-sync.ts';

const RETRY_INTERVAL_MS = 10;

/**
 * Waits until this process is told on its standard input that its run may begin; false when whoever should say so has gone.
 * Nothing else of this process goes on meanwhile: a signal ends it, and its input is never looked at again.
 */
export function waitForStart(): boolean {
  const line = Buffer.alloc(START.length);
  for (;;) {
    try {
      return readSync(0, line) === START.length && line.toString() === START;
    } catch (error) {
      // Windows calls the end of a pipe an error.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      sleepSync(RETRY_INTERVAL_MS);
    }
  }
}
