import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, quickscrape, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { inProcess } from './in-process.ts';

export const BOOKS = 'url: "http://127.0.0.1:9/"\nitem: article\nselectors:\n  title: h3\n';

export interface Home {
  home: string;
  /** Carries out a command on this home, within this process. */
  qs(...args: string[]): Promise<CommandResult>;
  /** The same by the built program. */
  program(...args: string[]): Promise<CommandResult>;
  /** The same for a command that must succeed. */
  succeed(...args: string[]): Promise<CommandResult>;
  /** Carries out a command that must succeed, with --json, and gives what it printed. */
  json(...args: string[]): Promise<Record<string, unknown>>;
}

/** A home with the configurations given, by name. */
export function shopHome(configs: Record<string, string> = { books: BOOKS }, home = tempFolder()): Home {
  mkdirSync(join(home, 'configs'), { recursive: true });
  for (const [name, yaml] of Object.entries(configs))
    writeFileSync(join(home, 'configs', `${name}.yaml`), yaml);
  return {
    home,
    qs: (...args) => inProcess(args, home),
    program: (...args) => quickscrape(args, { home }),
    succeed: (...args) => succeed(args, { home }),
    async json(...args) {
      const said = await inProcess([...args, '--json'], home);
      if (said.code !== 0) throw new Error(`${args.join(' ')} ended with ${said.code}: ${said.stderr}`);
      return JSON.parse(said.stdout);
    },
  };
}
