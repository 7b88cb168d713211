import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Below, what is left over is not worth a stop of the process: bytes of the heap. */
const MIN_HEAP_BYTES = 16 * 1024 * 1024;

/**
 * Keeps the space for new objects as small as it is at first, a megabyte for those that are alive: V8 lets it grow to
 * sixteen times that while much is read, and a program that idles from then on keeps it for long. For a process that is
 * our own.
 */
export function limitSemiSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Gives the system back what a large start has left over. A program that idles from then on is asked for nothing that would
 * make V8 do so by itself: with 100,000 jobs a scheduler held twice what it needs for minutes. Stops the process for a
 * few milliseconds, 200 with 100,000 jobs; this is for a process that is our own.
 */
export function releaseMemory(): void {
  if (process.memoryUsage().heapTotal < MIN_HEAP_BYTES) return;
  // Only contexts that are made from here on have it.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') return;
  // Pages with a few objects each are given back only when those move together.
  setFlagsFromString('--compact-on-every-full-gc');
  collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}
