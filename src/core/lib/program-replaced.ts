import { statSync } from 'node:fs';
import { programFile } from './program.ts';

let atStart: string | undefined;

/** Remembers the installed program, for {@link isProgramReplaced}: called when a process starts that runs for long. */
export function rememberProgram(): void {
  atStart ??= programStamp();
}

/** Whether the program was upgraded, installed again or removed since {@link rememberProgram}. */
export function isProgramReplaced(): boolean {
  return atStart !== undefined && atStart !== programStamp();
}

/** Whether the program is not there: while an upgrade replaces its files, and after it was removed. */
export function isProgramMissing(): boolean {
  return programStamp() === '';
}

/** Identifies the files of the installed program; empty if there are none. */
export function programStamp(): string {
  const stats = statSync(programFile('worker'), { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs}`;
}
