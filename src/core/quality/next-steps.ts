import type { CompareResponse } from '../configs/scraper-protocol.ts';
import type { Cause, RunFacts } from './run-facts.ts';

/** What to call next. */
export interface NextStep {
  operation: string;
  params: Record<string, unknown>;
  why: string;
}

/** Lists the calls to make for a run, in order: with their parameters where they are known. */
export function listNextSteps(facts: RunFacts, cause: Cause): NextStep[] {
  const { run, page, lastGood, laterGood, revision } = facts;
  const { runId, jobId, configName } = run;
  const hasPage = typeof page !== 'string' && page.now !== null;
  const read: NextStep = {
    operation: 'get_config',
    params: { config_name: configName },
    why: 'its text and revision',
  };
  const again: NextStep = {
    operation: 'run_job',
    params: { job_id: jobId, wait_seconds: 50 },
    why: 'it may have passed',
  };
  const log: NextStep = { operation: 'get_log', params: { run_id: runId }, why: 'what happened in order' };
  // What failed then works now.
  if (laterGood !== null && !ENDED_OTHERWISE.has(cause))
    return [{ operation: 'get_run', params: { run_id: laterGood.runId }, why: 'it was good after this one' }];
  switch (cause) {
    case 'config_changed':
    case 'page_changed':
    case 'selectors_stopped':
      if (!hasPage)
        return [
          read,
          {
            operation: 'get_page',
            params: { config_name: configName },
            why: 'no page was kept: see the live one',
          },
        ];
      return typeof page !== 'string' && page.changes.length > 0
        ? [
            {
              operation: 'test_config',
              params: {
                config_name: configName,
                run_id: runId,
                changes: toChangeMap(page.changes),
                sample_items: 2,
              },
              why: 'tries the changes on the kept page',
            },
            {
              operation: 'save_config',
              params: { config_name: configName, if_revision: revision },
              why: 'with the same changes, when they work',
            },
            { ...again, why: 'the proof' },
          ]
        : [
            ...(cause === 'config_changed' ? [read] : []),
            {
              operation: 'get_page',
              params: { run_id: runId },
              why: 'what is on the page now: find selectors for values that you see there',
            },
            {
              operation: 'test_config',
              params: { config_name: configName, run_id: runId },
              why: 'with changes, by these selectors',
            },
          ];
    case 'shows_less':
      return lastGood === null
        ? [log]
        : [
            {
              operation: 'compare_runs',
              params: { run_id: runId, with_run_id: lastGood.runId },
              why: 'which items are gone; if that is normal now, change expect of the job',
            },
          ];
    case 'sign_in':
    case 'captcha':
    case 'blocked':
    case 'consent':
    case 'error_page':
      return [
        ...(hasPage ? [{ operation: 'get_page', params: { run_id: runId }, why: 'what the page says' }] : []),
        again,
      ];
    case 'needs_browser':
    case 'configuration':
    case 'robots':
      return [read, { operation: 'test_config', params: { config_name: configName }, why: 'tries it live' }];
    case 'http':
    case 'network':
    case 'timeout':
    case 'worker':
    case 'browser':
      return [again, log];
    case 'memory':
    case 'disk':
    case 'output':
      return [
        { operation: 'examine_home', params: {}, why: 'space, rights and programs of this machine' },
        log,
      ];
    case 'skipped':
    case 'missed':
      return [{ operation: 'get_job', params: { job_id: jobId }, why: 'what happens next, and why' }];
    case 'cancelled':
      return [again];
    case 'unfinished':
      return [{ operation: 'get_run', params: { run_id: runId }, why: 'how far it is' }];
    case 'good':
      return [];
    default:
      return [log];
  }
}

/** Of these, a later good run says nothing. */
const ENDED_OTHERWISE: ReadonlySet<Cause> = new Set(['good', 'unfinished', 'skipped', 'missed', 'cancelled']);

/** The changes of a configuration by key, as `test_config` and `save_config` take them. */
export function toChangeMap(changes: CompareResponse['changes']): Record<string, unknown> {
  return Object.fromEntries(changes.map(({ path, value }) => [path, value]));
}
