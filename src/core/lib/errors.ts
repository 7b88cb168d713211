import { type FormatHint, formatCommandHint, type HintPart, joinHints } from './hints.ts';
import { truncateMiddle } from './text.ts';

/** Limits of an error's texts, in bytes: a client that sends a megabyte does not get it back. */
const MESSAGE_BYTES = 600;
const HINT_BYTES = 1_200;
const PATH_BYTES = 300;

/**
 * The codes of all failures that users or programs can see, with their JSON-RPC 2.0 numbers.
 * Clients rely on both (docs/reference/exit-codes.md): they never change.
 */
export const ERROR_CODES = {
  invalid_params: -32602,
  job_not_found: -32001,
  config_not_found: -32002,
  run_not_found: -32003,
  conflict: -32004,
  invalid_schedule: -32005,
  invalid_config: -32006,
  scheduler_already_running: -32007,
  scheduler_not_running: -32008,
  not_allowed: -32009,
  store_unavailable: -32010,
  detached_job: -32011,
  invalid_job: -32012,
  home_not_found: -32013,
  worker_not_found: -32014,
  program_replaced: -32015,
  internal: -32603,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A problem in an input: `path` is the field (`pagination.type`); line and column count from 1. */
export interface Issue {
  path: string;
  message: string;
  file?: string;
  line?: number;
  column?: number;
  hint?: string;
}

export interface ErrorDetails {
  /** The wrong input field, by its wire name. */
  field?: string;
  /** The next step: a text for all interfaces, a hint that each interface formats, or several of them. */
  hint?: HintPart | readonly HintPart[];
  issues?: Issue[];
  cause?: unknown;
}

export interface ErrorData {
  code: ErrorCode;
  field?: string;
  hint?: string;
  issues?: Issue[];
}

/**
 * A failure with a code from {@link ERROR_CODES}. Its message describes the problem and the allowed values. Texts may
 * repeat a long input, so the message, the hint, the field and the texts of the issues are truncated here, for all
 * interfaces.
 */
export class QuickscrapeError extends Error {
  override readonly name = 'QuickscrapeError';
  readonly code: ErrorCode;
  readonly field?: string;
  /** The hint as text of the command line. */
  readonly hint?: string;
  /** The hint as data, for interfaces with other texts. */
  readonly hints: readonly HintPart[];
  readonly issues?: Issue[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(
      truncateMiddle(message, MESSAGE_BYTES),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    if (details.field !== undefined) this.field = truncateMiddle(details.field, PATH_BYTES);
    this.hints = toList(details.hint);
    const hint = this.formatHint(formatCommandHint);
    if (hint !== undefined) this.hint = hint;
    if (details.issues !== undefined) this.issues = details.issues.map(shortIssue);
  }

  /** Formats the hint for an interface. */
  formatHint(format: FormatHint): string | undefined {
    return this.hints.length === 0 ? undefined : truncateMiddle(joinHints(this.hints, format), HINT_BYTES);
  }

  /** Returns what an interface reports in addition to the message. */
  toData(format: FormatHint = formatCommandHint): ErrorData {
    const hint = this.formatHint(format);
    return {
      code: this.code,
      ...(this.field !== undefined && { field: this.field }),
      ...(hint !== undefined && { hint }),
      ...(this.issues !== undefined && { issues: this.issues }),
    };
  }
}

function toList(hint: ErrorDetails['hint']): readonly HintPart[] {
  if (hint === undefined) return [];
  return typeof hint === 'string' || 'id' in hint ? [hint] : hint;
}

function shortIssue(issue: Issue): Issue {
  const { path, message, hint } = issue;
  return {
    ...issue,
    path: truncateMiddle(path, PATH_BYTES),
    message: truncateMiddle(message, MESSAGE_BYTES),
    ...(hint !== undefined && { hint: truncateMiddle(hint, HINT_BYTES) }),
  };
}
