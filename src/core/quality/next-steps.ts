import type { CompareResponse } from '../configs/scraper-protocol.ts';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { pluralize } from '../lib/text.ts';
import { BROKEN_RULES_FIELD } from '../model/value-rules.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { BrokenSelector } from './broken-selectors.ts';
import { readHttpFailure } from './http-failure.ts';
import { type Cause, isReplacedSince, NOT_BY_SELECTORS, type RunFacts } from './run-facts.ts';

/** What to call next. */
export interface NextStep {
  operation: string;
  params: Record<string, unknown>;
  why: string;
}

/**
 * Lists the calls to make for a run, in order: with their parameters where they are known.
 * @param changes what is proposed for its broken selectors
 */
export function listNextSteps(
  facts: RunFacts,
  cause: Cause,
  changes: CompareResponse['changes'],
): NextStep[] {
  const { run, page, lastGood, laterGood, revision } = facts;
  const { runId, jobId, configName } = run;
  const shown = { run_id: runId, ...(facts.pageNumber > 1 && { page: facts.pageNumber }) };
  const tryLive: NextStep = {
    operation: 'test_config',
    params: { config_name: configName, max_pages: 1 },
    why: 'tries it live',
  };
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
  if (isReplacedSince(facts, cause))
    return [{ ...again, why: 'its configuration was changed since this run' }];
  switch (cause) {
    case 'config_changed':
    case 'page_changed':
    case 'selectors_stopped':
      if (!hasPage)
        return [
          { ...again, why: 'keeps its page, if it fails again: then explain_run of that run' },
          {
            operation: 'get_page',
            params: { config_name: configName },
            why: 'no page was kept: see the live one',
          },
        ];
      return changes.length > 0
        ? [
            {
              operation: 'test_config',
              params: {
                config_name: configName,
                run_id: runId,
                changes: toChangeMap(changes),
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
            ...(typeof page !== 'string' && page.before === null && page.shows === 'rows' && run.items === 0
              ? [
                  {
                    operation: 'propose_config',
                    params: { run_id: runId },
                    why: 'selectors of what repeats there',
                  },
                ]
              : []),
            {
              operation: 'get_page',
              params: shown,
              why: 'what is on the page now: find_selectors with values that you see there',
            },
            {
              operation: 'test_config',
              params: { config_name: configName, run_id: runId },
              why: 'with changes, by these selectors',
            },
          ];
    case 'rules_broken':
      return [
        {
          operation: 'list_items',
          params: { run_id: runId, where: [{ field: BROKEN_RULES_FIELD, op: 'filled' }] },
          why: 'the rows that break rules, and which ones',
        },
        { ...read, why: 'its rules, expect.fields: whether one is too narrow' },
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
    case 'empty_list':
    case 'sign_in':
    case 'consent':
    case 'moved':
    case 'captcha':
    case 'blocked':
    case 'error_page':
      return [
        ...(hasPage ? [{ operation: 'get_page', params: shown, why: 'what the page says' }] : []),
        ...listPageSteps(facts, cause, { read, tryLive, again }),
      ];
    case 'not_a_page':
      return [
        ...(/json/i.test(facts.contentType ?? '') && hasPage
          ? [
              {
                operation: 'propose_config',
                params: { run_id: facts.run.runId },
                why: 'the paths of its JSON',
              },
            ]
          : []),
        read,
        { ...tryLive, why: 'whether it is a page again; else give the address of one' },
      ];
    case 'needs_browser':
      return [
        {
          ...tryLive,
          params: { ...tryLive.params, changes: { backend: 'browser' } },
          why: 'tries it in a browser',
        },
        {
          operation: 'save_config',
          params: { config_name: configName, if_revision: revision, changes: { backend: 'browser' } },
          why: 'when that works',
        },
      ];
    case 'configuration':
    case 'robots':
      return [read, tryLive];
    case 'http':
      return listHttpSteps(facts, { read, tryLive, again, log });
    case 'worker':
      return [
        ...(run.worker == null
          ? []
          : [{ operation: 'list_workers', params: {}, why: 'whether its worker is there again' }]),
        again,
        log,
      ];
    case 'network':
    case 'timeout':
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
      return facts.unproven.length === 0 || !hasPage
        ? []
        : [
            {
              operation: 'get_page',
              params: shown,
              why: 'whether the page has them: find_selectors with their values',
            },
            {
              operation: 'test_config',
              params: { config_name: configName, run_id: runId },
              why: 'with changes, by these selectors',
            },
          ];
    default:
      return [log];
  }
}

type Steps = Readonly<Record<'read' | 'tryLive' | 'again', NextStep>>;

/** The calls for a page that came in place of the one with the rows. */
function listPageSteps(
  { page, revision }: RunFacts,
  cause: Cause,
  { read, tryLive, again }: Steps,
): NextStep[] {
  const address = typeof page === 'string' ? undefined : page.now?.url;
  const start = address !== undefined && canParseUrl(address) ? new URL('/', address).href : undefined;
  switch (cause) {
    case 'sign_in':
      return [
        {
          ...read,
          why: 'whether and how it signs in (authentication); the person puts a password into secrets.env',
        },
        { ...tryLive, why: 'tries the sign-in, also with changes such as authentication' },
      ];
    case 'consent':
      return [
        {
          ...tryLive,
          why: 'live, with changes: {"headers.Cookie": "NAME=VALUE"}, as a browser sends it after consent',
        },
        read,
      ];
    case 'moved':
      return [
        ...(start === undefined
          ? []
          : [{ operation: 'get_page', params: { url: start }, why: 'where the list is now' }]),
        read,
        { ...tryLive, why: 'with changes: {"url": …}, the new address' },
      ];
    case 'empty_list':
      return [
        {
          operation: 'save_config',
          params: { ...read.params, if_revision: revision, changes: { 'expect.allow_empty': true } },
          why: 'if a list without rows is fine; else leave it, and run the job later',
        },
      ];
    case 'error_page':
      return [{ ...again, why: 'later: it often passes' }];
    default:
      return [
        { ...read, why: 'its delays and user_agent' },
        { ...again, why: 'later: it may have passed' },
      ];
  }
}

const ACCESS_REASONS = {
  401: `its authentication and headers: the person puts the password or key into secrets.env, and the configuration names it ($\{NAME})`,
  403: 'its authentication, headers, user_agent, delays and respect_robots: whether the site lets it in, and may be fetched at all',
} as const;

/** The calls for a response that is no page. */
function listHttpSteps(
  { run, revision }: RunFacts,
  { read, tryLive, again, log }: Steps & { log: NextStep },
): NextStep[] {
  const { status, waitUntil, details, start } = readHttpFailure(run);
  const later =
    waitUntil === null
      ? { ...again, why: 'later: it may have passed' }
      : { ...again, why: `not before ${formatInstant(waitUntil, run.timezone)}, as the site asks` };
  const { config_name } = read.params;
  if (status === 429) {
    const changes = { delays: { type: 'random', min: 3, max: 8 } };
    const save = { config_name, if_revision: revision, changes };
    return [
      { ...read, why: 'its delays' },
      { operation: 'save_config', params: save, why: 'seconds between requests: more than it has' },
      later,
    ];
  }
  if (details !== null && (status === 404 || status === 410))
    return [
      { operation: 'get_page', params: { config_name }, why: 'where the links of its rows lead' },
      read,
      tryLive,
    ];
  if (status === 404 || status === 410 || status === null)
    return [
      { ...read, why: 'its address' },
      ...(start === null
        ? []
        : [{ operation: 'get_page', params: { url: start }, why: 'where the page is now' }]),
      { ...tryLive, why: 'with changes: {"url": …}, the new address' },
    ];
  if (status === 401 || status === 403)
    return [
      { ...read, why: ACCESS_REASONS[status] },
      // What refuses a request today does so later, too, unless the site names a time.
      ...(waitUntil === null ? [{ ...tryLive, why: 'tries it live, with changes of these' }] : [later]),
    ];
  return [later, log];
}

/** Of these, a later good run says nothing. */
const ENDED_OTHERWISE: ReadonlySet<Cause> = new Set(['good', 'unfinished', 'skipped', 'missed', 'cancelled']);

/** The changes of a configuration by key, as `test_config` and `save_config` take them. */
export function toChangeMap(changes: CompareResponse['changes']): Record<string, unknown> {
  return Object.fromEntries(changes.map(({ path, value }) => [path, value]));
}

type Proposed = BrokenSelector & { path: string; proposal: NonNullable<BrokenSelector['proposal']> };

/** Explained one by one. */
const MAX_DESCRIBED = 4;

/**
 * The changes to a configuration that make its broken selectors match again: first those that hold the values of the
 * earlier page, then those that hold values of earlier rows or have similar names. Pure.
 */
export function listProposedChanges(facts: RunFacts, cause: Cause): CompareResponse['changes'] {
  const known = typeof facts.page === 'string' ? [] : facts.page.changes;
  return [
    ...known,
    ...listOthers(facts, cause).map(({ path, selector, proposal: { value, filled } }) => ({
      path,
      from: selector,
      value,
      matched: filled,
    })),
  ];
}

/** Says why those are proposed that do not hold the values of an earlier page. */
export function describeProposals(facts: RunFacts, cause: Cause): string[] {
  return listOthers(facts, cause)
    .slice(0, MAX_DESCRIBED)
    .map(({ field, proposal: { value, filled, rows, basis } }) => {
      const selector = typeof value === 'string' ? value : String(value['selector']);
      const count =
        rows === null ? pluralize(filled, 'match', 'matches') : `${filled} of ${pluralize(rows, 'row')}`;
      return basis === 'earlier_rows'
        ? `${selector} holds values that ${field} had in the last good run (${count}).`
        : `A guess by its name: ${field} may be ${selector} now (${count}); see whether its value is right.`;
    });
}

/** On another page than one of rows everything is missing, and a similar name says nothing. */
export function isWorthProposing({ proposal }: Pick<BrokenSelector, 'proposal'>, cause: Cause): boolean {
  return proposal !== undefined && !(NOT_BY_SELECTORS.has(cause) && proposal.basis === 'similar_name');
}

function listOthers({ broken }: RunFacts, cause: Cause): Proposed[] {
  return broken.filter(
    (one): one is Proposed =>
      one.path !== null && one.proposal?.basis !== 'earlier_page' && isWorthProposing(one, cause),
  );
}
