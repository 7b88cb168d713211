import type { HomePaths } from '../paths.ts';
import { NEW_SPACE_FLAG } from '../process/new-space.ts';
import { programFile } from '../program.ts';

/** The line that a process with `--wait` waits for on its standard input. */
export const GO = 'go';

/** Enough for the largest page that is fetched; what takes more is a selector that matches everything many times over. */
const MOST_MEMORY_MB = 1024;

/** What Node is called with to carry a run of this home. */
export function runProgram(paths: HomePaths, args: readonly string[]): string[] {
  return [...memoryFlags(), programFile('run'), '--home', paths.home, '--jobs-dir', paths.jobs, ...args];
}

/** Four runs without a limit may take all memory of the machine. Who starts us may have said others. */
function memoryFlags(): string[] {
  const said = process.env['NODE_OPTIONS'] ?? '';
  return [
    ...(said.includes('max-semi-space-size') ? [] : [NEW_SPACE_FLAG]),
    ...(said.includes('max-old-space-size') ? [] : [`--max-old-space-size=${MOST_MEMORY_MB}`]),
  ];
}
