import type { Workspace } from '../../core/workspace.ts';

/** So many values are offered to complete a name, and so many jobs and configurations are listed (MCP, "Completion"). */
export const OFFERED = 100;

export function jobIds({ jobs }: Workspace, start: string): string[] {
  return first(jobs.ids(), start);
}

export function configNames({ configs }: Workspace, start: string): string[] {
  return first(configs.names(), start);
}

/** Of the newest runs. */
export function runIds({ runs }: Workspace, start: string): string[] {
  return first(
    runs.list({ limit: OFFERED }).runs.map(({ runId }) => runId),
    start,
  );
}

function first(names: readonly string[], start: string): string[] {
  return names.filter((name) => name.startsWith(start)).slice(0, OFFERED);
}
