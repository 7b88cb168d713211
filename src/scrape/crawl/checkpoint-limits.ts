/** A checkpoint of another format is of no use. */
export const CHECKPOINT_FORMAT = 3;

/** Pages of yesterday and of today make no list of either day. */
export const MAX_CHECKPOINT_AGE_MS = 6 * 3_600_000;

/** Checkpoints are at least so far apart, in milliseconds… */
export const MIN_CHECKPOINT_INTERVAL_MS = 250;

/** …and so many times what the last one took, so that they cost a run little. */
export const CHECKPOINT_INTERVAL_FACTOR = 20;
