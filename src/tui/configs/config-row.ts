import type { Author } from '../home/home-data.ts';
import type { Failure } from '../state/event.ts';
import type { ConfigSummary } from './config-summary.ts';

/** A configuration as the dashboard knows it. A file that cannot be read is a row as well. */
export interface ConfigRow {
  readonly name: string;
  readonly file: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** Empty for a file that cannot be read. */
  readonly yaml: string;
  /** Changes with the text; `null` for a file that cannot be read. */
  readonly revision: string | null;
  /** Why the file cannot be read. */
  readonly problem: string | null;
  /** Who wrote this revision, as far as the audit log knows it. */
  readonly by: Author;
  readonly summary: ConfigSummary;
}

/** Something wrong or doubtful in a text; line and column count from 1. */
export interface ConfigFinding {
  readonly path: string;
  readonly message: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly hint?: string | undefined;
}

/** Whether a text can run, and what is doubtful in it. */
export interface ConfigCheck {
  /** The text that was looked at. */
  readonly yaml: string;
  /** Why it cannot run; `null` when it can. */
  readonly problem: string | null;
  readonly hint: string | null;
  readonly issues: readonly ConfigFinding[];
  readonly warnings: readonly ConfigFinding[];
}

/** `2 issues`, `1 warning` or nothing, for a line. */
export function describeFindings({ problem, issues, warnings }: ConfigCheck): string {
  if (problem !== null) return issues.length > 1 ? `${issues.length} issues` : '1 issue';
  if (warnings.length === 0) return '';
  return warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`;
}

export function passedCheck(yaml: string, warnings: readonly ConfigFinding[]): ConfigCheck {
  return { yaml, problem: null, hint: null, issues: [], warnings };
}

export function failedCheck(yaml: string, { message, hint, issues = [] }: Failure): ConfigCheck {
  return { yaml, problem: message, hint: hint ?? null, issues, warnings: [] };
}
