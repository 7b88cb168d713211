import { formatDuration } from '../lib/format-duration.ts';

/** The delays that make a job's runs start after their occurrences; `stagger` and `jitter` in seconds. */
export interface StartDelay {
  jobId: string;
  stagger: number;
  jitter: number;
}

/**
 * Returns how long after its occurrence a run starts, in milliseconds. `stagger` gives each job a fixed offset below
 * that many seconds, derived from its id, so that jobs in the same minute spread out. `jitter` is random for each run.
 * @param random from 0 to below 1
 */
export function startDelayMs(
  jobId: string,
  spread: { stagger: number; jitter: number },
  random: number,
): number {
  const fixed = spread.stagger === 0 ? 0 : spread.stagger * hashToFraction(jobId);
  return Math.floor((fixed + spread.jitter * random) * 1000);
}

/** Describes how long after its occurrence a job's run starts; `undefined` when there is no delay. */
export function describeStartDelay({ jobId, stagger, jitter }: StartDelay): string | undefined {
  const fixed =
    stagger === 0
      ? undefined
      : `starts ${formatDuration(startDelayMs(jobId, { stagger, jitter: 0 }, 0))} later (stagger ${stagger}: a fixed offset of this job)`;
  const random = `up to ${formatDuration(jitter * 1000)} later, at random (jitter ${jitter})`;
  if (jitter === 0) return fixed;
  return fixed === undefined ? `starts ${random}` : `${fixed}, and ${random}`;
}

/**
 * Maps an id to a fraction from 0 to below 1, the same on every machine: FNV-1a, then the final mixing of MurmurHash3.
 */
function hashToFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // Without this mixing, ids that differ only in their last characters would get similar fractions.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Runs that start later than this after their occurrence get their worker when they wait in the queue, in milliseconds. */
const MAX_START_DELAY_MS = 1_000;

/**
 * Whether a job's runs may start so long after their occurrences that they get their worker when they wait in the queue,
 * not before the occurrence.
 */
export function hasLateStart(jobId: string, definition: Pick<StartDelay, 'stagger' | 'jitter'>): boolean {
  return startDelayMs(jobId, definition, 1) > MAX_START_DELAY_MS;
}
