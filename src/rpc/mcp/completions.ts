import type { Workspace } from '../../core/workspace.ts';

/** So many values are offered to complete a name, and so many jobs and configurations are listed (MCP, "Completion"). */
export const MAX_COMPLETIONS = 100;

export function completeJobIds({ jobs }: Workspace, start: string): string[] {
  return matchPrefix(jobs.ids(), start);
}

export function completeConfigNames({ configs }: Workspace, start: string): string[] {
  return matchPrefix(configs.names(), start);
}

/** Of the newest runs. */
export function completeRunIds({ runs }: Workspace, start: string): string[] {
  return matchPrefix(
    runs.list({ limit: MAX_COMPLETIONS }).runs.map(({ runId }) => runId),
    start,
  );
}

function matchPrefix(names: readonly string[], start: string): string[] {
  return names.filter((name) => name.startsWith(start)).slice(0, MAX_COMPLETIONS);
}
