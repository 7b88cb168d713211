import { formatDuration } from '../lib/format-duration.ts';

/** What makes a job's runs start later than its schedule says; `stagger` and `jitter` in seconds. */
export interface Spread {
  jobId: string;
  stagger: number;
  jitter: number;
}

/**
 * How long after its instant a run starts, in milliseconds: `stagger` is a fixed offset per job below that many
 * seconds, made from its id, so that jobs that share a minute spread out; `jitter` is random at each run.
 * @param random from 0 to below 1
 */
export function startOffsetMs(
  jobId: string,
  spread: { stagger: number; jitter: number },
  random: number,
): number {
  const fixed = spread.stagger === 0 ? 0 : spread.stagger * hashToFraction(jobId);
  return Math.floor((fixed + spread.jitter * random) * 1000);
}

/** How much later than its instant a job's run starts; `undefined` when it does not. */
export function describeSpread({ jobId, stagger, jitter }: Spread): string | undefined {
  const fixed =
    stagger === 0
      ? undefined
      : `starts ${formatDuration(startOffsetMs(jobId, { stagger, jitter: 0 }, 0))} later (stagger ${stagger}: a fixed offset of this job)`;
  const random = `up to ${formatDuration(jitter * 1000)} later, at random (jitter ${jitter})`;
  if (jitter === 0) return fixed;
  return fixed === undefined ? `starts ${random}` : `${fixed}, and ${random}`;
}

/** The same place from 0 to below 1 for the same id, on every machine: FNV-1a, then MurmurHash3's last mixing. */
function hashToFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // Ids that differ in their last characters only would otherwise lie close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
