import type * as z from 'zod';
import type { ConfigFacts } from '../configs/config-facts.ts';
import type { RequestSent } from '../configs/scraper-protocol.ts';
import type { ErrorCode } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import type { Workspace } from '../workspace.ts';

/** MCP's four hints. All four are always said, so that no client has to guess a default. */
export interface OperationAnnotations {
  /** Changes nothing. */
  readOnlyHint: boolean;
  /** May take something away or overwrite it. */
  destructiveHint: boolean;
  /** Asking twice has the effect of asking once. */
  idempotentHint: boolean;
  /** Reaches beyond this machine. */
  openWorldHint: boolean;
}

/** What an interface may give along with a call. */
export interface OperationContext {
  /** Aborted when the caller no longer waits for the answer; what was started goes on. */
  signal?: AbortSignal;
  /** What is to be stored was stored before: only what keeps it from running keeps it from being stored again. */
  isAlreadyStored?: boolean;
  /** Told of a run's progress while the call waits for it. */
  onProgress?: (run: Record<string, unknown>) => void;
  /** Told of each request that a trial on live pages sends. */
  onSent?: (sent: RequestSent) => void;
  /**
   * Asked before a configuration is stored or tried out, with what it would reach: a server's policy refuses by
   * throwing `not_allowed`. An interface that gives none lets everything be as written.
   */
  reviewConfig?: (facts: ConfigFacts) => void;
}

/**
 * One thing that every interface can do (docs/contributing/adr/0004): one name, one strict input, one output, one handler.
 * `description` is written for a model that chooses among tools. The handler throws `QuickscrapeError`. A server loads
 * every operation when it starts: a handler imports by itself what starts or ends processes, which takes long to load.
 */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  annotations: OperationAnnotations;
  /** The field of the input with which a call changes nothing and reaches nobody, though without it one does. */
  readOnlyWithField?: string;
  /**
   * What its handler may throw, beside what any operation may: `invalid_params`, `invalid_config` for settings that
   * cannot be read, `not_allowed`, `store_unavailable`, `internal`.
   */
  errors: readonly ErrorCode[];
  handler(
    workspace: Workspace,
    input: z.output<I>,
    context: OperationContext,
  ): z.output<O> | Promise<z.output<O>>;
}

/** The same as it is written down: its schemas are made when somebody asks for them. */
type Definition<I extends z.ZodObject, O extends z.ZodObject> = Omit<Operation<I, O>, 'input' | 'output'> & {
  input: () => I;
  output: () => O;
};

/** Ties the types of an operation's input, output and handler together. */
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

/** Reads only, from this machine. */
export const READ_ONLY: OperationAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
