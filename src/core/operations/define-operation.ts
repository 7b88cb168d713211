import type * as z from 'zod';
import type { ConfigAccess } from '../configs/config-access.ts';
import type { RequestSent } from '../configs/scraper-protocol.ts';
import type { FoundChoice } from '../configs/suggest-response.ts';
import type { ErrorCode } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import type { SettingKey } from '../settings/setting-rules.ts';
import type { Workspace } from '../workspace.ts';
import type { PageRoom } from './page-room.ts';

/** MCP's four hints. All four are always given, so that no client has to guess a default. */
export interface OperationAnnotations {
  /** The operation changes nothing. */
  readOnlyHint: boolean;
  /** The operation may delete or overwrite something. */
  destructiveHint: boolean;
  /** Repeating the call has no further effect. */
  idempotentHint: boolean;
  /** The operation reaches beyond this machine. */
  openWorldHint: boolean;
}

/** The change of one job by an operation on several: its revision before and after, and `done` or an error's code. */
export interface JobChange {
  jobId: string;
  before: number | null;
  after: number | null;
  outcome: string;
}

/**
 * What a person did who was asked for a choice: `chose` comes with its number, from 1. `invalid`: the answer was not valid;
 * `unable`: the client could not ask.
 */
export interface RowsAnswer {
  person: 'chose' | 'declined' | 'closed' | 'invalid' | 'unable';
  choice?: number;
}

/** Optional context that an interface passes with a call. */
export interface OperationContext {
  /** Aborted when the caller no longer waits for the result; work that was started continues. */
  signal?: AbortSignal;
  /** The text is stored already: only problems that prevent running it may prevent storing it again. */
  isAlreadyStored?: boolean;
  /** Called with the progress of a run for which the call waits, or of a test run on live pages. */
  onProgress?: (run: Record<string, unknown>) => void;
  /** Called for each web request that a test run on live pages sends. */
  onSent?: (sent: RequestSent) => void;
  /** Called with the number of jobs before the first one is changed. A server's quota rejects it by throwing. */
  reserve?: (jobs: number) => void;
  /** Whether the interface offers an operation, for texts that name one. Without it, all are offered. */
  offers?: (operation: string) => boolean;
  /**
   * Called before a setting is changed, with its new and its present value. A server's policy rejects it by throwing
   * `not_allowed`.
   */
  reviewSetting?: (name: SettingKey, value: unknown, present: unknown) => void;
  /** What the caller can take of a list that continues at a cursor. Without it, whole pages. */
  room?: PageRoom;
  /** Asks the person which of the repeating elements of a page holds the rows. Absent where no person can be asked. */
  chooseRows?: (url: string, choices: readonly FoundChoice[]) => Promise<RowsAnswer>;
  /** Called for each job that an operation on several has changed, or failed to change. */
  onJob?: (change: JobChange) => void;
  /**
   * Called before a configuration is stored or tested, with what it would reach. A server's policy rejects it by
   * throwing `not_allowed`. Without this function, every configuration is allowed.
   */
  reviewConfig?: (facts: ConfigAccess) => void;
}

/**
 * An operation that every interface offers (docs/contributing/adr/0004): one name, one strict input, one output, one
 * handler. `description` is written for a model that chooses among tools. The handler throws `QuickscrapeError`. A
 * server loads every operation when it starts, so a handler imports the slow modules that start or end processes only
 * when it needs them.
 */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  annotations: OperationAnnotations;
  /** The input field that makes a call read-only and local, if the operation otherwise is not. */
  readOnlyWithField?: string;
  /** The same, but such a call lacks the field. */
  readOnlyWithoutField?: string;
  /**
   * The errors that its handler may throw, besides those of every operation: `invalid_params`, `invalid_config` for
   * unreadable settings, `not_allowed`, `store_unavailable`, `internal`.
   */
  errors: readonly ErrorCode[];
  handler(
    workspace: Workspace,
    input: z.output<I>,
    context: OperationContext,
  ): z.output<O> | Promise<z.output<O>>;
}

/** An operation as written in source: its schemas are created on first use. */
type Definition<I extends z.ZodObject, O extends z.ZodObject> = Omit<Operation<I, O>, 'input' | 'output'> & {
  input: () => I;
  output: () => O;
};

/** Defines an operation with matching types of input, output and handler. */
export function defineOperation<I extends z.ZodObject, O extends z.ZodObject>(
  definition: Definition<I, O>,
): Operation<I, O> {
  const [input, output] = [once(definition.input), once(definition.output)];
  return {
    ...definition,
    get input() {
      return input();
    },
    get output() {
      return output();
    },
  };
}

/** Reads only, and only on this machine. */
export const READ_ONLY: OperationAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
