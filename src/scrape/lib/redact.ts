import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Redact } from '../../core/lib/redact.ts';
import { ScrapeError } from './scrape-error.ts';

/** Returns the same error with its texts redacted. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (error instanceof ScrapeError) {
    const { kind, message, url, hint, status } = error;
    return new ScrapeError(kind, redact(message), {
      ...(url !== undefined && { url: redact(url) }),
      ...(hint !== undefined && { hint: redact(hint) }),
      ...(status !== undefined && { status }),
    });
  }
  if (error instanceof QuickscrapeError) {
    const { field, hint, issues } = error;
    return new QuickscrapeError(error.code, redact(error.message), {
      ...(field !== undefined && { field }),
      ...(hint !== undefined && { hint: redact(hint) }),
      ...(issues !== undefined && { issues: issues.map((issue) => redactIssue(issue, redact)) }),
    });
  }
  if (!(error instanceof Error)) return error;
  const shown = new Error(redact(error.message));
  if (error.stack !== undefined) shown.stack = redact(error.stack);
  return shown;
}

/** Returns the same issue with its texts redacted. */
export function redactIssue<T extends { message: string; hint?: string }>(issue: T, redact: Redact): T {
  const { message, hint } = issue;
  return { ...issue, message: redact(message), ...(hint !== undefined && { hint: redact(hint) }) };
}

/** Headers that contain no secret and so go to every host. Any other header may contain a token. */
export const SAFE_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'dnt',
  'pragma',
  'referer',
  'user-agent',
]);
