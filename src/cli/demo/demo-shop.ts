import { realpathSync } from 'node:fs';
import { basename, delimiter, join, relative } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { programFile } from '../../core/lib/program.ts';
import { shellQuote } from '../../core/process/shell.ts';
import { startBookshop } from '../../sandbox/bookshop.ts';
import type { SiteServer } from '../../sandbox/site-server.ts';
import type { CommandContext } from '../context/context.ts';

const NAME = 'quickscrape';

/** The user's shell: its current folder and its PATH. */
export interface Shell {
  folder: string;
  path: string;
}

/**
 * The command that starts this program again in the user's shell: `quickscrape` if PATH leads to it, else `node
 * dist/cli.js`, with a path relative to the shell's folder if that is shorter. From npx or in a project it is npx's own.
 */
export function programInvocation(shell: Shell = currentShell(), program = programFile('cli')): string {
  const typed = programCommand();
  if (typed !== NAME) return typed;
  if (isOnPath(shell.path, program)) return NAME;
  const relativePath = relative(shell.folder, program);
  return `node ${shellQuote(relativePath === '' || relativePath.length > program.length ? program : relativePath)}`;
}

/** npm runs scripts in the folder of the package; `INIT_CWD` is the user's folder. */
function currentShell(): Shell {
  const { INIT_CWD, PATH = '' } = process.env as Record<string, string | undefined>;
  return { folder: INIT_CWD ?? process.cwd(), path: PATH };
}

/**
 * Compares real paths: a command of the same name may be another installation, which may not have the same features.
 */
function isOnPath(path: string, program: string): boolean {
  // npm adds its `.bin` folders to PATH only for its scripts, so the user's shell does not have them.
  const folders = path.split(delimiter).filter((folder) => folder !== '' && basename(folder) !== '.bin');
  return folders.some((folder) => {
    try {
      return realpathSync(join(folder, NAME)) === realpathSync(program);
    } catch {
      return false;
    }
  });
}

/** The default port. It is fixed, so that a configuration for the shop also fits the next start. */
export const SHOP_PORT = 4747;

/**
 * Runs the demo's bookshop until Ctrl-C or SIGTERM, and prints how to scrape it.
 * @param port see {@link openShop}
 * @throws QuickscrapeError `conflict` when `port` is taken, or needs special rights
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
  // Ctrl-C is the normal way to end it.
  return 0;
}

/**
 * Opens the shop at `port`. Without one, it uses `defaultPort`, or a free port if that is taken; `note` then says so.
 * @throws QuickscrapeError `conflict` when `port` is taken, or needs special rights
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
