import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { SiteServer } from '../../sandbox/listen.ts';
import { startBookshop } from '../../sandbox/server.ts';
import type { CommandContext } from '../context/context.ts';
import { programInvocation } from './program-invocation.ts';

/** The port of the shop, so that a configuration made for it fits the next time as well. */
export const SHOP_PORT = 4747;

/**
 * Keeps the demo's bookshop open until Ctrl-C or SIGTERM, and says how to scrape it.
 * @param port see {@link openShop}
 * @throws QuickscrapeError `conflict` when `port` is taken, or not for ordinary users
 */
export async function serveShop(context: CommandContext, port?: number): Promise<number> {
  const { signal } = context.interrupt;
  const { shop, note } = await openShop(port);
  try {
    if (note !== undefined) context.printMessage(note);
    const command = programInvocation();
    await context.print({ url: shop.url, port: shop.port }, () =>
      [
        `A bookshop with 1,000 books is open at ${shop.url}`,
        'Leave it open, and type in a second terminal:',
        `  ${command} wizard ${shop.url} --name books`,
        `  ${command} scrape books`,
        'Ctrl-C closes the shop.',
      ].join('\n'),
    );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await shop.close();
  }
  context.printMessage('The shop is closed.');
  // Ctrl-C is how it is meant to end.
  return 0;
}

/**
 * Opens the shop at `port`, or without one at `usual`, or at a free port when that is taken; `note` says so then.
 * @throws QuickscrapeError `conflict` when `port` is taken, or not for ordinary users
 */
export async function openShop(
  port?: number,
  defaultPort = SHOP_PORT,
  open = startBookshop,
): Promise<{ shop: SiteServer; note?: string }> {
  try {
    return { shop: await open({ port: port ?? defaultPort }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    if (port !== undefined) {
      const problem = code === 'EACCES' ? `port ${port} is not open to you` : `port ${port} is taken`;
      throw new QuickscrapeError('conflict', problem, {
        field: 'port',
        hint: 'Name another port, or leave --port out to use a free one.',
        cause: error,
      });
    }
    const shop = await open();
    const note = `Port ${defaultPort} is taken, perhaps by another demo --serve. This shop uses port ${shop.port}.`;
    return { shop, note };
  }
}
