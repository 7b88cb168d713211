import { readdirSync, readFileSync } from 'node:fs';
import { listProcesses, type ProcessEntry, readProcessEnv } from '../src/core/process/process-table.ts';
import { PROCESS_TREE_VARIABLE } from '../src/core/process/process-tree.ts';
import type { Workspace } from '../src/core/workspace.ts';
import { waitFor } from './wait-for.ts';

/** The processes that carry a run, or wait to carry it. Linux only. */
export function listRunProcesses(runId: string): ProcessEntry[] {
  return listProcesses().filter(({ pid }) =>
    readProcessEnv(pid, PROCESS_TREE_VARIABLE)?.startsWith(`${runId}/`),
  );
}

/** The process of a run, once there is one. */
export async function waitForRunProcess(runId: string): Promise<ProcessEntry> {
  return waitFor(`a process for run ${runId}`, () => listRunProcesses(runId)[0]);
}

/** Settles when no process has to do with a run. */
export async function waitForNoRunProcess(runId: string): Promise<void> {
  await waitFor(`the processes of run ${runId} to end`, () => listRunProcesses(runId).length === 0);
}

/** The processes that wait for a run of this home. Linux only. */
export function listStandbyProcesses({ paths }: Workspace): ProcessEntry[] {
  return listProcesses().filter(({ pid }) => {
    const words = commandOf(pid);
    return words.includes('--wait') && words.includes(paths.home);
  });
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Whatever lies in `runs/`, at any depth. */
export function listRunFiles({ paths }: Workspace): string[] {
  return readdirSync(paths.runs, { recursive: true, encoding: 'utf8' }).sort();
}
