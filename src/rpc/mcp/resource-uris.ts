import type { Change } from '../../core/api/changes.ts';
import type { Workspace } from '../../core/workspace.ts';

/** The most completions of a name, and the most jobs and configurations in a list (MCP, "Completion"). */
export const MAX_COMPLETIONS = 100;

export function completeJobIds({ jobs }: Workspace, start: string): string[] {
  return matchPrefix(jobs.ids(), start);
}

export function completeConfigNames({ configs }: Workspace, start: string): string[] {
  return matchPrefix(configs.names(), start);
}

/** Completes from the newest runs. */
export function completeRunIds({ runs }: Workspace, start: string): string[] {
  return matchPrefix(
    runs.list({ limit: MAX_COMPLETIONS }).runs.map(({ runId }) => runId),
    start,
  );
}

function matchPrefix(names: readonly string[], start: string): string[] {
  return names.filter((name) => name.startsWith(start)).slice(0, MAX_COMPLETIONS);
}

/** docs/how-to/assistants.md, “What it sees” */
export const JOBS_URI = 'quickscrape://jobs';

export const TEMPLATES = {
  job: 'quickscrape://jobs/{job_id}',
  run: 'quickscrape://runs/{run_id}',
  log: 'quickscrape://runs/{run_id}/log',
  config: 'quickscrape://configs/{config_name}',
} as const;

/** Whether a URI has the form of a resource that exists or may exist later. */
export function isResourceUri(uri: string): boolean {
  return /^quickscrape:\/\/(jobs(\/[^/]+)?|runs\/[^/]+(\/log)?|configs\/[^/]+)$/.test(uri);
}

export function jobUri(jobId: string): string {
  return `quickscrape://jobs/${jobId}`;
}

export function configUri(configName: string): string {
  return `quickscrape://configs/${configName}`;
}

/** The URIs of the resources that a change affects. */
export function changedUris(change: Change): string[] {
  switch (change.kind) {
    case 'job_changed':
      return [JOBS_URI, jobUri(change.job_id)];
    case 'run_changed':
    case 'run_progress': {
      const uri = `quickscrape://runs/${change.run.run_id}`;
      return [uri, `${uri}/log`];
    }
    case 'config_changed':
      return [configUri(change.config_name)];
    case 'scheduler_changed':
      return [JOBS_URI];
  }
}
