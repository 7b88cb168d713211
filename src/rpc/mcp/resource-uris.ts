import type { Change } from '../../core/api/changes.ts';
import type { OperationName } from '../../core/operations/operations.ts';
import type { Offered } from '../access/offered-text.ts';

/** docs/how-to/assistants.md, “What it sees” */
export const JOBS_URI = 'quickscrape://jobs';
export const WORKERS_URI = 'quickscrape://workers';
export const TEMPLATES = {
  job: 'quickscrape://jobs/{job_id}',
  run: 'quickscrape://runs/{run_id}',
  log: 'quickscrape://runs/{run_id}/log',
  items: 'quickscrape://runs/{run_id}/items',
  config: 'quickscrape://configs/{config_name}',
} as const;

export const SCHEMA_URI = 'quickscrape://schema/configuration';
export const HELP_URI = 'quickscrape://help/configuration';
export const FILTER_HELP_URI = 'quickscrape://help/filter';
/** What is served whatever a server offers. */
const HELP_URIS: readonly string[] = [SCHEMA_URI, HELP_URI, FILTER_HELP_URI];

/** The operation that says the same as a resource. A server serves the resource only if it offers the operation. */
const OPERATIONS: readonly (readonly [uri: string, operation: OperationName])[] = [
  [JOBS_URI, 'list_jobs'],
  [WORKERS_URI, 'list_workers'],
  [TEMPLATES.job, 'get_job'],
  [TEMPLATES.run, 'get_run'],
  [TEMPLATES.log, 'get_log'],
  [TEMPLATES.items, 'list_items'],
  [TEMPLATES.config, 'get_config'],
];

const PATTERNS = OPERATIONS.map(([uri, operation]) => ({
  operation,
  pattern: new RegExp(`^${uri.replace(/\{\w+\}/, '[^/]+')}$`),
}));

/** The operation that says the same as a resource, or as those of a template; `undefined` for help and the unknown. */
export function operationOf(uri: string): OperationName | undefined {
  return PATTERNS.find(({ pattern }) => pattern.test(uri))?.operation;
}

/** Whether a URI has the form of a resource that exists or may exist later, and that this server serves. */
export function isServedUri(uri: string, offered: Offered): boolean {
  const operation = operationOf(uri);
  return operation === undefined ? HELP_URIS.includes(uri) : offered.has(operation);
}

/** The URIs and templates of what a server serves of jobs, runs, configurations and workers. */
export function servedUris(offered: Offered): string[] {
  return OPERATIONS.flatMap(([uri, operation]) => (offered.has(operation) ? [uri] : []));
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
      return [uri, `${uri}/log`, `${uri}/items`];
    }
    case 'config_changed':
      return [configUri(change.config_name)];
    case 'scheduler_changed':
      return [JOBS_URI];
    case 'workers_changed':
      return [WORKERS_URI];
    case 'settings_changed':
      return [];
  }
}
