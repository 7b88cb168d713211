import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Below, what is left over is not worth a stop of the process: bytes of the heap. */
const WORTH_IT = 32 * 1024 * 1024;

/**
 * Gives the system back what a large start has left over. A program that idles from then on is asked for nothing that would
 * make V8 do so by itself: with 100,000 jobs a scheduler held twice what it needs for minutes. Stops the process for a
 * few milliseconds, 200 with 100,000 jobs; this is for a process that is our own.
 */
export function giveBackMemory(): void {
  if (process.memoryUsage().heapTotal < WORTH_IT) return;
  // Only contexts that are made from here on have it.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
