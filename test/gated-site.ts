import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A page of one row, whose answer the test holds back, refuses or lets through. */
export interface GatedSite {
  url: string;
  /** How often the page was asked for. */
  hits(): number;
  /** Holds answers back until `open()`. */
  hold(): void;
  /** Answers what waits, and whatever comes. */
  open(): void;
  /** Answers with this status from now on. */
  answer(status: number): void;
  /** Is gone, with its connections: nobody listens there any more. */
  die(): void;
}

/** Serves the page on loopback until the test ends. */
export async function gatedSite(): Promise<GatedSite> {
  let hits = 0;
  let held = false;
  let status = 200;
  const waiting: ServerResponse[] = [];
  const send = (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<ul><li class="row"><b>only row</b></li></ul>');
  };
  const server: Server = createServer((request, response) => {
    if (request.url !== '/page') {
      response.writeHead(404).end();
      return;
    }
    hits += 1;
    if (held) waiting.push(response);
    else send(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`,
    hits: () => hits,
    hold: () => {
      held = true;
    },
    open: () => {
      held = false;
      for (const response of waiting.splice(0)) send(response);
    },
    answer: (next) => {
      status = next;
    },
    die: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The configuration for a gated site. */
export function gatedConfig(url: string): string {
  return `url: "${url}"\nitem: li.row\nselectors:\n  name: b\noutput:\n  format: csv\n  path: "{config_name}_{run_id}.csv"\n`;
}
