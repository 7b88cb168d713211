import { makeBookshop } from './bookshop.ts';
import type { SiteServer } from './listen.ts';
import { type SiteServerOptions, serveSite } from './site-server.ts';

/** `seed` decides which books the shop has (books.ts). */
export type BookshopOptions = SiteServerOptions & { seed?: number };

/**
 * Starts the sandbox bookshop: 1,000 made-up books on 50 list pages whose prices move from hour to hour.
 * Rejects when the port is taken.
 */
export function startBookshop({ seed, ...options }: BookshopOptions = {}): Promise<SiteServer> {
  return serveSite(() => makeBookshop(seed), options);
}
