import type { JobDefinition } from '../model/definition.ts';
import type { ParamValues } from '../model/params.ts';
import type { Trigger } from '../model/run-record.ts';

/** Of the text of all cookies of a job; a letter is limited. */
export const MAX_COOKIES_LENGTH = 1_000_000;
/** A larger checkpoint does not leave the machine, in bytes. */
export const MAX_CHECKPOINT_BYTES = 1_000_000;

/**
 * One attempt of another machine's home: a line on the standard input of a worker that was started with `--carried`.
 * Variables, configuration and cookies stay in memory.
 */
export interface CollectTask {
  runId: string;
  /** Identifies the start. */
  token: string;
  jobId: string;
  attempt: number;
  maxAttempts: number;
  trigger: Trigger;
  timeoutMs: number;
  /** Where `run.log`, `items.jsonl`, `collected.json` and `pages/` of this attempt are written. */
  folder: string;
  config: { yaml: string; file: string; isClientText: boolean };
  /** The values of its parameters that the job and the run give. */
  params: ParamValues;
  /** The variables that the configuration names. */
  env: Record<string, string>;
  /** The home's settings for requests. */
  settings: Record<string, unknown>;
  /** The job's expectations: they decide which pages are kept. */
  expect: JobDefinition['expect'];
  /** The content of the job's file of cookies; null for none. */
  cookies: string | null;
  /**
   * The checkpoint of an earlier attempt, whose items are in the folder; null for none. Checkpoints are on no disk of
   * this machine.
   */
  checkpoint: string | null;
  /** Why the attempt cannot continue an earlier one, for the log; null when there is no reason to tell. */
  startsOver: string | null;
  /** The private hosts that this machine lets any configuration reach. */
  machineHosts: readonly string[];
  /** An attempt ends when it gets no line for this long, in milliseconds: its worker stands still. */
  maxSilenceMs: number;
}

/**
 * What such a worker reports, as a line of JSON on its status descriptor: whether it continues the earlier attempt, the
 * progress after each page, each checkpoint (null: there is none any more), and the end of the attempt, after which its
 * files no longer change.
 */
export type CollectReport =
  | { began: { isContinued: boolean } }
  | { progress: { items: number; pages: number; bytes: number; total: number | null } }
  | { checkpoint: { items: number; text: string } | null }
  | { collected: { cookies: string | null; hasFailed: boolean } };
