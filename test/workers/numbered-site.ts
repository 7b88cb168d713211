import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A site that counts what it is asked for: the witness of how often a run was started. */
export interface NumberedSite {
  /** Its host with its port. */
  host: string;
  /** A configuration that follows all pages, of one row each, of a folder of its own. */
  config(folder: string, more?: string): string;
  /** How often a page of a folder was asked for; the first page is asked for once a start. */
  hits(folder: string, page?: number): number;
  /** Holds the answers of this page back, in all folders. */
  hold(page: number): void;
  /** Answers what waits, and whatever comes. */
  open(): void;
  /** Makes the rows of a folder so many bytes longer. */
  widen(folder: string, bytes: number): void;
  /** Gives the class of a folder's rows, and the tag of the text in them, other names. */
  rename(folder: string, names: { row: string; b: string }): void;
  /** Answers each request so many milliseconds later. */
  slow(ms: number): void;
  /** How many requests wait for an answer, whose senders have not given up. */
  waiting(): number;
}

/** Serves the site on loopback until the test ends. @param pages how many pages each folder has */
export async function numberedSite(pages = 3): Promise<NumberedSite> {
  const hits = new Map<string, number>();
  const held = new Set<number>();
  const widths = new Map<string, number>();
  const renamed = new Map<string, { row: string; b: string }>();
  let delayMs = 0;
  let waiting: { answer: () => void; response: ServerResponse }[] = [];
  const server = createServer((request, response) => {
    const [, folder = '', number] = /^\/([^/]+)\/(\d+)$/.exec(request.url ?? '') ?? [];
    const page = Number(number);
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    const key = `${folder}/${page}`;
    hits.set(key, (hits.get(key) ?? 0) + 1);
    const answer = () => {
      const next = page < pages ? `<a class="next" href="/${folder}/${page + 1}">next</a>` : '';
      response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'visit=cookie-of-the-site' });
      const { row, b } = renamed.get(folder) ?? { row: 'row', b: 'b' };
      response.end(
        `<ul><li class="${row}"><${b}>row-${folder}-${page}${padding(widths.get(folder))}</${b}></li></ul>${next}`,
      );
    };
    if (held.has(page)) waiting.push({ answer, response });
    else if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    config: (folder, more = '') =>
      `url: "http://${host}/${folder}/1"\nitem: li.row\nselectors:\n  name: b\n` +
      `pagination: { type: next_button, selector: a.next, max_pages: ${pages} }\n` +
      `delays: { type: fixed, value: 0 }\noutput: { format: csv, path: "{config_name}_{run_id}.csv" }\n${more}`,
    hits: (folder, page = 1) => hits.get(`${folder}/${page}`) ?? 0,
    hold: (page) => void held.add(page),
    open: () => {
      held.clear();
      const waited = waiting;
      waiting = [];
      for (const { answer } of waited) answer();
    },
    widen: (folder, bytes) => void widths.set(folder, bytes),
    rename: (folder, names) => void renamed.set(folder, names),
    slow: (ms) => {
      delayMs = ms;
    },
    waiting: () => waiting.filter(({ response }) => !response.destroyed && !response.closed).length,
  };
}

/** Text that cannot be compressed much. */
function padding(bytes = 0): string {
  return randomBytes(bytes / 2).toString('hex');
}

/** The output file of a whole run. */
export function wholeOutput(folder: string, pages = 3): string {
  return `name\n${Array.from({ length: pages }, (_, at) => `row-${folder}-${at + 1}\n`).join('')}`;
}
