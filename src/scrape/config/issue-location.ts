import type { Issue } from '../../core/lib/errors.ts';
import { formatLocation } from '../../core/lib/text.ts';

export type Path = readonly PropertyKey[];

/** A problem that has no line yet. `part` says whether the key or the value at `path` is meant. */
export interface Finding {
  path: Path;
  message: string;
  hint?: string | undefined;
  part?: 'key' | 'value';
  /** The key to which the message refers: its line is added. */
  earlier?: Path;
  /** Offset in the text, if `path` cannot locate the problem. */
  offset?: number;
}

/** Line and column, starting at 1. */
export interface Location {
  line: number;
  column: number;
}

/** Formats a path: `['urls', 1]` → `urls[1]`. A key that is not a plain word is quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = /^[\p{L}\p{N}_-]+$/u.test(String(step)) ? String(step) : JSON.stringify(String(step));
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

export function toIssue(file: string, place: Location, finding: Finding): Issue {
  return {
    path: formatPath(finding.path),
    message: finding.message,
    file,
    ...place,
    ...(finding.hint !== undefined && { hint: finding.hint }),
  };
}

/** Formats an issue: `books.yaml:11:9: pagination.type: message` */
export function formatIssue(issue: Issue): string {
  const where = formatLocation(issue.file, issue.line, issue.column);
  return [where, issue.path, issue.message].filter((part) => part !== '').join(': ');
}
