import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needs } from './platform.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The code blocks of a language, in order. */
export function blocks(language: string): string[] {
  return [...readme.matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, name, text]) =>
    name === language ? [text ?? ''] : [],
  );
}

/** The lines of its shell blocks. */
export const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

export const ALIAS = `alias quickscrape="node '$PWD/dist/cli.js'"`;

/** A command line as bash runs it in the clone, with the README's alias. */
export function bashOf(line: string): string[] {
  needs('shell');
  return ['-c', `shopt -s expand_aliases\n${ALIAS}\n${line}`];
}

/** The environment of somebody who has set nothing. */
export function environmentOf(person: Record<string, string>): NodeJS.ProcessEnv {
  const { QUICKSCRAPE_HOME: _, ...inherited } = process.env;
  return { ...inherited, NO_COLOR: '1', ...person };
}

/** Runs a program, and returns how it ended and all that it printed. */
export function run(
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  cwd = root,
): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out: stdout + stderr });
    });
  });
}
