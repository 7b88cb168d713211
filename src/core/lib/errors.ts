import { truncateMiddle } from './truncate-middle.ts';

/** An error says at most so much, in bytes: whoever sends a megabyte is not sent it back. */
const MESSAGE_BYTES = 600;
const HINT_BYTES = 1_200;
const PATH_BYTES = 300;

/**
 * Every failure that a person or a program can see, by code, with its JSON-RPC 2.0 number.
 * Clients rely on both (docs/reference/exit-codes.md): none changes.
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
  home_not_found: -32012,
  internal: -32603,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing wrong in an input: `path` is the field (`pagination.type`); line and column count from 1. */
export interface Issue {
  path: string;
  message: string;
  file?: string;
  line?: number;
  column?: number;
  hint?: string;
}

export interface ErrorDetails {
  /** The input field that is wrong, by its wire name. */
  field?: string;
  /** What to do next. */
  hint?: string;
  issues?: Issue[];
  cause?: unknown;
}

/**
 * A failure with a code from {@link ERROR_CODES}; its message says what is wrong and what is allowed. Texts that are too
 * long, since they repeat what came in, are shortened here, for every face: message, hint, field and those of the issues.
 */
export class QuickscrapeError extends Error {
  override readonly name = 'QuickscrapeError';
  readonly code: ErrorCode;
  readonly field?: string;
  readonly hint?: string;
  readonly issues?: Issue[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(
      truncateMiddle(message, MESSAGE_BYTES),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    if (details.field !== undefined) this.field = truncateMiddle(details.field, PATH_BYTES);
    if (details.hint !== undefined) this.hint = truncateMiddle(details.hint, HINT_BYTES);
    if (details.issues !== undefined) this.issues = details.issues.map(shortIssue);
  }

  /** The `data` of an error answer: `{ code, field?, hint?, issues? }`. */
  toData(): { code: ErrorCode; field?: string; hint?: string; issues?: Issue[] } {
    return {
      code: this.code,
      ...(this.field !== undefined && { field: this.field }),
      ...(this.hint !== undefined && { hint: this.hint }),
      ...(this.issues !== undefined && { issues: this.issues }),
    };
  }
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
