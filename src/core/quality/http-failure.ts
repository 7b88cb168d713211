import { canParseUrl } from '../lib/can-parse-url.ts';
import { formatDuration } from '../lib/format-duration.ts';
import type { RunRecord } from '../model/run-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';

/** What the error of a run says about the response that ended it (scrape/http/retry-request.ts writes it). */
export interface HttpFailure {
  status: number | null;
  /** Epoch milliseconds until which the site asks to wait (`Retry-After`). */
  waitUntil: number | null;
  /** How many detail pages failed, of how many; `null` if a page of rows did. */
  details: { failed: number; total: number } | null;
  /** The start page of the site. */
  start: string | null;
}

export function readHttpFailure({ error, finishedAt, queuedAt }: RunRecord): HttpFailure {
  const message = error?.message ?? '';
  const [, status] = /\bHTTP (\d{3})\b/.exec(message) ?? [];
  const [, seconds] = /it asks to wait (\d{1,9}) s\b/.exec(message) ?? [];
  const [, failed, total] = /\((\d{1,9}) of (\d{1,9}) detail pages failed\)/.exec(message) ?? [];
  const [address = ''] = /https?:\/\/[^\s/?#]+/.exec(message) ?? [];
  return {
    status: status === undefined ? null : Number(status),
    waitUntil: seconds === undefined ? null : (finishedAt ?? queuedAt) + Number(seconds) * 1000,
    details: failed === undefined ? null : { failed: Number(failed), total: Number(total) },
    start: canParseUrl(address) ? new URL('/', address).href : null,
  };
}

/** Says in a sentence or two what the response means. */
export function describeHttpFailure(run: RunRecord): string {
  const { waitUntil, details, ...failure } = readHttpFailure(run);
  const which = details === null ? 'the page' : `${details.failed} of ${details.total} detail pages`;
  const wait =
    waitUntil === null
      ? ''
      : ` It asks to wait ${formatDuration(waitUntil - (run.finishedAt ?? run.queuedAt))}: until ${formatInstant(waitUntil, run.timezone)}.`;
  return describeStatus(failure.status, which, details !== null) + wait;
}

function describeStatus(status: number | null, which: string, areDetails: boolean): string {
  const told = `(HTTP ${status})`;
  const start = which.charAt(0).toUpperCase() + which.slice(1);
  switch (status) {
    case 404:
    case 410:
      return areDetails
        ? `${start} are gone ${told}, so the links to them (follow.selector) lead to the wrong pages, or the site has removed these.`
        : `${start} is gone ${told}: its address has changed, or the site has removed it.`;
    case 401:
      return `The site asks for a sign-in for ${which} ${told}.`;
    case 403:
      return `The site refuses access to ${which} ${told}; the selectors are not at fault.`;
    case 429:
      return `The site says that requests come too fast ${told}: it needs longer delays, or fewer runs.`;
    case null:
      return 'The site answered with an error, or led elsewhere.';
    default:
      return status >= 500
        ? `The site has a problem of its own ${told}; it often passes.`
        : `The site answered with an error for ${which} ${told}.`;
  }
}
