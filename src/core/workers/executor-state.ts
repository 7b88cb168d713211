import { type MetadataStore, readMetadata, writeMetadata } from '../database/schema.ts';
import { isRecord, tryParseJson } from '../lib/json.ts';

/** How the scheduler's executor reaches its workers, as the scheduler last wrote it. */
export interface ExecutorState {
  redis: 'connected' | 'away';
  /** Epoch milliseconds. */
  since: number;
  /** What the names of all keys of this home in Redis begin with. */
  prefix?: string;
  /** What is wrong with Redis, for people: its password, its memory policy, its version. */
  problem?: string;
}

const METADATA_KEY = 'executor_state';

/** @returns undefined when no scheduler has ever used other machines, or the row is damaged */
export function readExecutorState(db: Pick<MetadataStore, 'get'>): ExecutorState | undefined {
  const text = readMetadata(db, METADATA_KEY);
  const state = text === undefined ? undefined : tryParseJson(text);
  if (!isRecord(state)) return undefined;
  const { redis, since, prefix, problem } = state;
  if ((redis !== 'connected' && redis !== 'away') || typeof since !== 'number') return undefined;
  return {
    redis,
    since,
    ...(typeof prefix === 'string' && { prefix }),
    ...(typeof problem === 'string' && { problem }),
  };
}

/** Writes the state; for the scheduler, on each change. */
export function writeExecutorState(db: Pick<MetadataStore, 'run'>, state: ExecutorState): void {
  writeMetadata(db, METADATA_KEY, JSON.stringify(state));
}
