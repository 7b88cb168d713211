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
  return Math.floor((spread.stagger * fraction(jobId) + spread.jitter * random) * 1000);
}

/** FNV-1a: the same place between 0 and 1 for the same id, on every machine. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) / 2 ** 32;
}
