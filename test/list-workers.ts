import { readFileSync } from 'node:fs';
import { listProcesses, type ProcessEntry } from '../src/core/process/process-table.ts';
import type { Workspace } from '../src/core/workspace.ts';
import { needs } from './platform.ts';

/** The live workers of a home. Linux only. */
export function listWorkers({ paths }: Pick<Workspace, 'paths'>): ProcessEntry[] {
  needs('linux');
  return listProcesses().filter(({ pid }) => {
    const words = commandOf(pid);
    return words.some((word) => word.endsWith('worker.js')) && words.includes(paths.home);
  });
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
