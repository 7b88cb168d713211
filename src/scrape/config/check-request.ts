import { isRecord } from '../../core/lib/json.ts';
import { BACKEND_NAMES, completeBackend } from './connection.ts';
import type { Finding } from './issue-location.ts';
import { BROWSER_PAGINATION_TYPES } from './pagination.ts';

/** Checks that nothing needs a browser, which sends requests of its own. It reads the raw map. */
export function checkRequest({ request, backend, pagination }: Readonly<Record<string, unknown>>): Finding[] {
  if (request === undefined) return [];
  const message = (what: string) => `a browser sends its own requests, and ${what} needs one`;
  const name = BACKEND_NAMES.find((known) => known === backend);
  if (name !== undefined && completeBackend(name) === 'browser') {
    const hint = 'Remove backend, or remove request.';
    return [{ path: ['backend'], message: message(`backend ${name}`), hint }];
  }
  const type = isRecord(pagination) ? pagination['type'] : undefined;
  const growing = BROWSER_PAGINATION_TYPES.find((known) => known === type);
  if (growing === undefined) return [];
  const hint = 'Use url_param or cursor, whose value the request sends: "{page}", "{cursor}".';
  return [{ path: ['pagination', 'type'], message: message(growing), hint }];
}
