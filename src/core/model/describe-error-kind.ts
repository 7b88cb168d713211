/** Why a run failed, for each kind of error, as a clause without a subject or with one of its own. */
const WORDS: Readonly<Record<string, string>> = {
  network: 'the site cannot be reached',
  http: 'the site answers with an error',
  timeout: 'it took too long',
  redirect: 'the address leads elsewhere',
  robots: 'robots.txt does not allow it',
  blocked_address: 'the address is in a private network',
  sign_in: 'the sign-in failed',
  too_large: 'a page is too large',
  no_items: 'no items found',
  check_failed: 'a check failed',
  browser: 'the browser is missing or broke down',
  memory: 'there was too little memory',
  config: 'the configuration cannot be used',
  output: 'the output could not be written',
  cancelled: 'it was cancelled',
  abandoned: 'its worker disappeared',
  terminated: 'its worker was asked to end',
  start_failed: 'the worker could not be started',
  database_lost: 'the database was lost',
  invalid_config: 'the configuration cannot be used',
  config_not_found: 'the configuration is missing',
  job_unusable: "the job's file cannot be used",
  invalid_params: 'a path or a value is not allowed',
  store_unavailable: 'the home cannot be read or written',
  internal: 'an error in QuickScrape itself',
};

/** Says in words what a kind of error means, such as `network`. A kind of a newer version stays as it is. */
export function describeErrorKind(kind: string): string {
  return WORDS[kind] ?? kind.replaceAll('_', ' ');
}

/** Kinds whose messages say the same by themselves. */
const SAID_BY_MESSAGE: ReadonlySet<string> = new Set([
  'no_items',
  'check_failed',
  'robots',
  'memory',
  'cancelled',
  'abandoned',
  'start_failed',
  'database_lost',
]);

/** Says why a run failed, as a clause: `the site answers with an error: HTTP 503`. */
export function describeRunError({ kind, message }: { kind: string; message: string }): string {
  return SAID_BY_MESSAGE.has(kind) ? message : `${describeErrorKind(kind)}: ${message}`;
}
