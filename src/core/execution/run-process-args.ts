import type { HomePaths } from '../fs/paths.ts';
import { programFile } from '../lib/program.ts';
import { MAX_SEMI_SPACE_FLAG } from '../process/semi-space-flag.ts';

/** The line that a process with `--wait` expects on its standard input. */
export const START = 'go';

/** Enough for the largest page that is fetched. Only a selector that matches everything many times over needs more. */
const MAX_MEMORY_MB = 1024;

/** Arguments for Node to execute a run of this home. */
export function runProcessArgs(paths: HomePaths, args: readonly string[]): string[] {
  return [...memoryFlags(), programFile('run'), '--home', paths.home, '--jobs-dir', paths.jobs, ...args];
}

/**
 * Without a limit, four runs could take all memory of the machine. Limits in the caller's NODE_OPTIONS take precedence.
 */
function memoryFlags(): string[] {
  const said = process.env['NODE_OPTIONS'] ?? '';
  return [
    ...(said.includes('max-semi-space-size') ? [] : [MAX_SEMI_SPACE_FLAG]),
    ...(said.includes('max-old-space-size') ? [] : [`--max-old-space-size=${MAX_MEMORY_MB}`]),
  ];
}
