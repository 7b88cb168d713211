import { readFile, realpath } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';

/** Where Debian's package `postgresql-doc-17` puts the manual. */
export const MANUAL_FOLDER = '/usr/share/doc/postgresql-doc-17/html';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves the files of a folder, and nothing outside of it, on a free port of 127.0.0.1. */
export async function serveFolder(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const root = await realpath(folder);
  const server = createServer(async (request, response) => {
    const found = await readInside(root, request.url ?? '/');
    const type = found === undefined ? 'text/plain; charset=utf-8' : TYPES[extname(found.file)];
    const body = found?.body ?? Buffer.from('Not found\n');
    response
      .writeHead(found === undefined ? 404 : 200, {
        'content-type': type ?? 'application/octet-stream',
        'content-length': body.length,
      })
      .end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readInside(root: string, url: string): Promise<{ file: string; body: Buffer } | undefined> {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    return file.startsWith(root + sep) ? { file, body: await readFile(file) } : undefined;
  } catch {
    // Absent, a folder, or no path at all: the same to a client.
    return undefined;
  }
}

/**
 * The pages that the manual's next links lead through from index.html, in order: a second opinion that shares
 * no code with the scraper. Titles have their white space collapsed.
 */
export async function readManualPages(folder = MANUAL_FOLDER): Promise<{ file: string; title: string }[]> {
  const pages = new Map<string, string>();
  for (let file: string | undefined = 'index.html'; file !== undefined && !pages.has(file); ) {
    const source: string = await readFile(join(folder, file), 'utf8');
    pages.set(file, plainText(/<title>(.*?)<\/title>/s.exec(source)?.[1] ?? ''));
    file = /<a accesskey="n" href="([^"#]+)"/.exec(source)?.[1];
  }
  return [...pages].map(([file, title]) => ({ file, title }));
}

function plainText(source: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
  return source
    .replace(/&(?:lt|gt|quot|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}
