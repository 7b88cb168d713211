import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Resource } from './site.ts';

/** A resource as it is sent: its bytes and the headers that describe them. */
export interface Representation {
  body: Buffer;
  headers: Readonly<Record<string, string | number>>;
  /** When the content last changed, in whole seconds since the epoch. */
  changed?: number;
}

/** Renders a resource for the hour that begins `at`. */
export function represent(resource: Resource, at: Date): Representation {
  const body = Buffer.from(resource.render(at));
  const changed = resource.changedAt?.(at);
  return {
    body,
    headers: {
      'content-type': resource.contentType,
      etag: `"${createHash('sha1').update(body).digest('base64url')}"`,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      ...(changed && { 'last-modified': changed.toUTCString() }),
    },
    ...(changed && { changed: Math.floor(changed.getTime() / 1000) }),
  };
}

/** Returns the same content, compressed. It has its own entity tag, because its bytes differ. */
export function compress({ body, headers, ...rest }: Representation): Representation {
  const etag = String(headers['etag']).replace(/"$/, '-gz"');
  return {
    ...rest,
    body: gzipSync(body, { level: 1 }),
    headers: { ...headers, etag, 'content-encoding': 'gzip' },
  };
}

/** Whether the client's copy is still current (RFC 9110, 13.2.2: an entity tag takes precedence over a date). */
export function isFresh(request: IncomingHttpHeaders, { headers, changed }: Representation): boolean {
  const tags = request['if-none-match'];
  if (tags !== undefined) {
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === headers['etag']);
  }
  const since = Date.parse(request['if-modified-since'] ?? '');
  return changed !== undefined && !Number.isNaN(since) && changed * 1000 <= since;
}
