import type { Change } from '../../core/api/changes.ts';

/** docs/how-to/assistants.md, “What it sees” */
export const JOBS_URI = 'quickscrape://jobs';

export const TEMPLATES = {
  job: 'quickscrape://jobs/{job_id}',
  run: 'quickscrape://runs/{run_id}',
  log: 'quickscrape://runs/{run_id}/log',
  config: 'quickscrape://configs/{config_name}',
} as const;

/** Whether it is the URI of a resource that there is or may come to be. */
export function isResourceUri(uri: string): boolean {
  return /^quickscrape:\/\/(jobs(\/[^/]+)?|runs\/[^/]+(\/log)?|configs\/[^/]+)$/.test(uri);
}

export function jobUri(jobId: string): string {
  return `quickscrape://jobs/${jobId}`;
}

export function configUri(configName: string): string {
  return `quickscrape://configs/${configName}`;
}

/** The resources that are other ones after a change. */
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
