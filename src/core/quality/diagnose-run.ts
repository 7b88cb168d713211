import type { CompareResponse } from '../configs/scraper-protocol.ts';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { formatDuration } from '../lib/format-duration.ts';
import { pluralize, truncateList } from '../lib/text.ts';
import { describeFailedChecks } from '../model/check.ts';
import { describeErrorKind, describeRunError } from '../model/describe-error-kind.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { Baseline } from './check-run.ts';
import { describeConfigEdit } from './config-edit.ts';
import { describeHttpFailure } from './http-failure.ts';
import { describeProposals, listNextSteps, listProposedChanges, type NextStep } from './next-steps.ts';
import { type Cause, isReplacedSince, type RunFact, type RunFacts } from './run-facts.ts';

export interface Diagnosis {
  cause: Cause;
  /** In order: what happened, since when, what it means, what the neighbours say. */
  explanation: string[];
  /** Selectors to write in place of the broken ones, as tried on its page. */
  changes: CompareResponse['changes'];
  next: NextStep[];
}

const MAX_MESSAGE_CHARACTERS = 300;
const MAX_MISSES = 5;
/** Fewer items than this share of the usual ones are unusual, also in a good run. */
const FEW_SHARE = 0.7;
const MANY_SHARE = 1.5;

/** Explains a run: why it failed, since when, and what to do. Pure. */
export function diagnoseRun(facts: RunFacts): Diagnosis {
  const cause = findCause(facts);
  const changes = listProposedChanges(facts, cause);
  return {
    cause,
    changes,
    explanation: [
      ...describeOutcome(facts, cause),
      // First what it means: the summary has room for two sentences.
      ...describeCause(facts, cause),
      ...describeProposals(facts, cause),
      ...(isReplacedSince(facts, cause) ? [] : describeMisses(facts)),
      ...describeStreak(facts, cause),
      ...describeNeighbours(facts, cause),
    ],
    next: listNextSteps(facts, cause, changes),
  };
}

const KIND_CAUSES: Readonly<Record<string, Cause>> = {
  network: 'network',
  http: 'http',
  redirect: 'http',
  too_large: 'other',
  timeout: 'timeout',
  robots: 'robots',
  blocked_address: 'configuration',
  sign_in: 'sign_in',
  browser: 'browser',
  memory: 'memory',
  config: 'configuration',
  invalid_config: 'configuration',
  job_unusable: 'configuration',
  output: 'output',
  abandoned: 'worker',
  no_worker: 'worker',
  cancelled: 'cancelled',
};
const IS_DISK = /ENOSPC|no space|disk (?:is )?full|EDQUOT|disk space/i;

function findCause(facts: RunFacts): Cause {
  const { run, revision, stopped } = facts;
  if (isActive(run.status)) return 'unfinished';
  if (run.status === 'skipped' || run.status === 'missed' || run.status === 'cancelled') return run.status;
  if (run.status === 'succeeded') return stopped.length > 0 ? causeOnPage(facts) : 'good';
  const { kind = '', message = '' } = run.error ?? {};
  if (revision === null) return 'configuration';
  if (IS_DISK.test(message)) return 'disk';
  if (kind === 'no_items' || kind === 'check_failed') return causeOnPage(facts);
  if (run.status === 'abandoned') return kind === 'memory' ? 'memory' : 'worker';
  return KIND_CAUSES[kind] ?? (run.status === 'timed_out' ? 'timeout' : 'other');
}

/** Explains what a page is on which the selectors of a run are tried again. Pure. */
export function diagnosePage(facts: RunFacts): Pick<Diagnosis, 'cause' | 'explanation'> {
  const cause = causeOnPage(facts);
  return { cause, explanation: describeCause(facts, cause) };
}

/** What the kept page shows. A sign counts only when the earlier page lacks it. */
function causeOnPage({ page, stopped, run, edit, contentType }: RunFacts): Cause {
  if (run.items === 0 && contentType !== null && isUnread(contentType, run)) return 'not_a_page';
  const suspected = run.checks.some(({ passed, suspect }) => !passed && suspect !== null);
  const failed = run.checks.filter(({ passed }) => !passed);
  const areValues = failed.length > 0 && failed.every(({ check }) => check === 'fields');
  const lasting: Cause = areValues ? 'rules_broken' : 'shows_less';
  const unseen: Cause =
    stopped.length > 0 || suspected || run.error?.kind === 'no_items' ? 'selectors_stopped' : lasting;
  if (typeof page === 'string') return unseen;
  const { signs, signs_before: earlierSigns, scripts, changed, now, before } = page;
  if (now === null) return unseen;
  const isNew = (sign: string) => signs.includes(sign as never) && !earlierSigns.includes(sign as never);
  // A page of the site that says that something was not found may be either.
  const isErrorPage = isNew('error_page') && now.title !== before?.title;
  const needsScripts = isNew('empty') && scripts !== null;
  const isEmptyList =
    isNew('empty_list') && page.changes.length === 0 && !isErrorPage && !needsScripts && !isMoved(page);
  const hasLess = page.rows === null || page.rows.now < page.rows.before;
  for (const sign of ['captcha', 'sign_in', 'blocked', 'consent'] as const)
    if (isNew(sign) && hasLess) return sign;
  if (isEmptyList) return 'empty_list';
  if (isNew('error_page') && hasLess) return 'error_page';
  const isElsewhere = hasLess && isMoved(page) && page.changes.length === 0 && page.rows?.now === 0;
  if (isElsewhere && run.pages <= 1) return SIGN_IN_PATH.test(now.url) ? 'sign_in' : 'moved';
  if (needsScripts) return 'needs_browser';
  if (changed.length > 0) return 'page_changed';
  const isEdited =
    page.reverted.length > 0 || page.is_same || edit?.selectors.some(({ field }) => stopped.includes(field));
  if (before !== null && edit !== null && isEdited) return 'config_changed';
  return before === null ? unseen : stopped.length > 0 || suspected ? 'selectors_stopped' : lasting;
}

/** Content types that selectors read. Some servers send pages as plain text, or without a type. */
const MARKUP = /^$|^text\/|html|xml/i;
const JSON_TYPE = /\bjson\b/i;

/** JSON is a page for selectors that read it; of others the run says what it met. */
function isUnread(contentType: string, { error }: RunRecord): boolean {
  if (MARKUP.test(contentType)) return false;
  return !JSON_TYPE.test(contentType) || /: its content type is /.test(error?.message ?? '');
}

/** The path of an address that asks for a sign-in. */
const SIGN_IN_PATH =
  /^https?:\/\/[^/?#]*\/[^?#]*\b(?:log-?in|sign-?in|signon|auth(?:enticate|orize)?|anmelden|anmeldung|connexion)\b/i;

/** Whether a page of rows came from another address than the earlier one. */
function isMoved({ shows, now, before }: CompareResponse): boolean {
  return shows === 'rows' && now !== null && before !== null && pathOf(now.url) !== pathOf(before.url);
}

function describeOutcome({ run, waitsFor, usual, stopped, unproven }: RunFacts, cause: Cause): string[] {
  const items = pluralize(run.items, 'item');
  const pages = pluralize(run.pages, 'page');
  switch (cause) {
    case 'unfinished':
      return [
        `Run ${run.runId} has not finished: it is ${run.status}${waitsFor === null ? '' : ` (${waitsFor})`}, with ${items} so far.`,
      ];
    case 'good':
      return [
        `Run ${run.runId} was good: ${items} from ${pages}.`,
        ...describeUnusual(run, usual),
        ...(unproven.length === 0
          ? []
          : [
              `${truncateList(unproven, 5)} matched nothing in it, and no earlier run of this job says whether ${unproven.length === 1 ? 'it' : 'they'} should.`,
            ]),
      ];
    case 'skipped':
    case 'missed':
      return [`The occurrence was ${cause}: ${run.reason ?? 'no reason was recorded'}.`];
    default: {
      const failed = describeFailedChecks(run.checks);
      const said =
        run.error === null
          ? ''
          : ` ${endSentence(cut(capitalize(describeRunError(failed === '' ? run.error : { ...run.error, message: failed }))))}`;
      const also =
        stopped.length > 0 && run.status === 'succeeded'
          ? ` Its selectors of ${truncateList(stopped, 5)} matched nothing.`
          : '';
      return [`Run ${run.runId} ${run.status}, ${items} from ${pages}.${said}${also}`];
    }
  }
}

/** Says where the paths of empty fields stop: the data have other names now. */
function describeMisses({ misses }: RunFacts): string[] {
  const told = Object.entries(misses).map(([field, miss]) => `${field} is empty: ${endSentence(miss)}`);
  return told.slice(0, MAX_MISSES);
}

/** Says what is unusual about a good run. */
function describeUnusual({ items, changes, attempt }: RunRecord, usual: Baseline): string[] {
  const said: string[] = [];
  if (usual !== null && usual.value > 0) {
    const share = items / usual.value;
    const how = share < FEW_SHARE ? 'few' : share > MANY_SHARE ? 'many' : 'as usual';
    said.push(
      `${how === 'as usual' ? 'As many items as usual' : `Unusually ${how} items`} (median of ${pluralize(usual.runs, 'good run')}: ${Math.round(usual.value)}).`,
    );
  }
  if (changes !== null && changes.removed > items / 2)
    said.push(`Since the good run before, ${changes.removed} items are gone and ${changes.added} are new.`);
  if (attempt > 1) said.push(`It took ${attempt} attempts.`);
  return said;
}

function describeStreak({ run, lastGood, bad, laterGood }: RunFacts, cause: Cause): string[] {
  if (cause === 'good' || cause === 'unfinished') return [];
  const first = bad.runs.at(-1);
  const at = (one: RunFact) => formatInstant(one.queuedAt, run.timezone);
  const later = laterGood === null ? [] : [`Run ${laterGood.runId} after it, ${at(laterGood)}, was good.`];
  if (first === undefined) return later;
  const last =
    lastGood === null
      ? 'no good run before it is known'
      : `the last good run was ${lastGood.runId}, ${at(lastGood)}, with ${pluralize(lastGood.items, 'item')}`;
  const count = `${bad.isCut ? 'at least ' : ''}${bad.runs.length}`;
  const span = formatDuration(run.queuedAt - first.queuedAt);
  const since =
    bad.runs.length === 1
      ? 'It is the first bad run'
      : `Bad since run ${first.runId}, ${at(first)}: ${count} in a row over ${span}`;
  return [`${since}; ${last}.`, ...later];
}

function describeCause(facts: RunFacts, cause: Cause): string[] {
  if (isReplacedSince(facts, cause)) return [describeReplaced(facts)];
  const { page, run } = facts;
  const compared =
    typeof page === 'string'
      ? [page]
      : page.before === null && page.now !== null
        ? ['No good run has kept an earlier page, so it is compared with none.']
        : [];
  const text: Partial<Record<Cause, string>> = {
    rules_broken:
      'The selectors match as before, but values break rules of expect.fields: the site shows other values, or a rule is too narrow.',
    shows_less: 'All selectors match as before, so the site itself probably shows less.',
    empty_list:
      'The list itself is empty: the page is laid out as on the last good run, and shows no rows; the selectors are not at fault. ' +
      'If that is fine, expect: { allow_empty: true } in the configuration lets such a run succeed.',
    config_changed: describeEdit(facts, cause),
    selectors_stopped: `Selectors match less than usual, so the page has probably changed.${facts.edit === null ? '' : ` ${describeEdit(facts, cause)}`}`,
    sign_in:
      run.error?.kind === 'sign_in'
        ? 'The sign-in failed: its name, password or form is at fault, not the selectors.'
        : 'The page asks for a sign-in; the selectors are not at fault.',
    captcha: 'The page asks to prove that a person reads it (captcha); the selectors are not at fault.',
    blocked: 'The page says that access is denied; the selectors are not at fault.',
    consent:
      'The page asks for consent (cookies) in place of its content; the selectors are not at fault. Sites remember a consent by a cookie.',
    moved: 'The address leads to another page now; the selectors are not at fault.',
    error_page: 'The site answered with an error page; the selectors are not at fault.',
    not_a_page: `The address answered with ${describeType(facts.contentType)} in place of a page; the selectors are not at fault.${JSON_TYPE.test(facts.contentType ?? '') ? ' JSON is read by paths, such as json:$.results[*].' : ' They read HTML, XML and JSON.'}`,
    needs_browser: 'The page is empty until its scripts have run: backend: browser shows it.',
    http: describeHttpFailure(run),
    network: 'The host could not be reached: its address, the network or the site is at fault.',
    robots: 'robots.txt does not allow the address, or could not be read.',
    timeout: 'The site was too slow for the time that the job has (timeout).',
    memory: 'The worker ran out of memory.',
    disk: 'The disk has no room; a person has to make some.',
    output: 'The output file could not be written; the old one is unchanged.',
    configuration:
      facts.revision !== null
        ? 'The configuration or the job cannot be used as it is.'
        : `The configuration ${run.configName} does not exist, or cannot be read.`,
    browser: 'The browser is missing or broke down.',
    worker:
      run.worker == null
        ? 'The process that executed it disappeared.'
        : `Worker ${run.worker}, on another machine, disappeared or lost its connection.`,
    cancelled: `It was cancelled${run.cancelRequestedBy === null ? '' : ` (${run.cancelRequestedBy})`}.`,
  };
  const said =
    typeof page === 'string'
      ? text[cause]
      : describePage(
          page,
          cause,
          facts.broken.some(({ proposal }) => proposal),
        ) || text[cause];
  return [
    ...(said === undefined ? [] : [said]),
    ...(PAGE_CAUSES.has(cause) ? compared : []),
    ...(cause === 'good' ? [] : describeMove(page)),
  ];
}

function describeType(contentType: string | null): string {
  const type = contentType?.split(';')[0]?.trim() ?? '';
  return /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(type) ? 'JSON' : `a file (${type})`;
}

function describeEdit({ edit, page, run }: RunFacts, cause: Cause): string {
  const told = edit === null ? '' : describeConfigEdit(edit, run.timezone);
  if (typeof page === 'string' || cause !== 'config_changed') return `${told}.`;
  const { reverted, after } = page;
  const is = page.is_same ? 'the page is as it was' : 'the earlier selectors match on the page as before';
  const fix =
    reverted.length === 0 || after === null
      ? ''
      : ` With the earlier ${reverted.length === 1 ? 'selector' : 'selectors'} it has ${pluralize(after.rows, 'row')}.`;
  return `${told}; ${is}.${fix}`;
}

function describeReplaced({ replaced, page }: RunFacts): string {
  const names = truncateList(replaced, 5);
  const selectors = `the ${replaced.length === 1 ? 'selector' : 'selectors'} of ${names}`;
  const isTried = typeof page !== 'string' && page.now !== null;
  const match = isTried ? ', and all its selectors match on the page that the run kept' : '';
  return `The configuration was changed since this run: it no longer has ${selectors}${match}. Run the job again.`;
}

const PAGE_CAUSES: ReadonlySet<Cause> = new Set(['page_changed', 'shows_less', 'selectors_stopped']);

function describePage(page: CompareResponse, cause: Cause, isProposed: boolean): string {
  if (cause !== 'page_changed') return '';
  const { changed, unchanged, changes, after, still_empty: left } = page;
  const names = truncateList(
    changed.map(({ field }) => field),
    5,
  );
  const isDetail = page.shows === 'detail';
  const count = pluralize(changes.length, 'changed selector');
  const fix =
    changes.length === 0
      ? isProposed
        ? ''
        : ' No selector was found that holds the old values.'
      : isDetail
        ? ` With ${count} it holds the old values again.`
        : ` With ${count} the page has ${pluralize(after?.rows ?? 0, 'row')}.`;
  return `The ${isDetail ? 'detail page' : 'page'} has changed: ${names} ${changed.length === 1 ? 'matches' : 'match'} less than on the last good page, ${pluralize(unchanged, 'selector')} as before.${fix}${describeLeft(changes.length === 0 ? [] : left)}${describeLostPagination(page)}`;
}

/** Says that no link to the next page was found in place of the earlier one: rows after the first page are missing. */
function describeLostPagination({ changed, changes }: CompareResponse): string {
  const lost = changed.find(({ part }) => part === 'pagination');
  if (lost === undefined || changes.some(({ path }) => path === lost.field)) return '';
  return ` The link to the next page (${lost.selector}) is gone, too, so only the first page is read: look for another one with get_page.`;
}

/** Says that a page was fetched from another address than the earlier one, such as after a redirect. */
function describeMove(page: CompareResponse | string): string[] {
  if (typeof page === 'string' || !isMoved(page)) return [];
  return [`It was fetched from ${page.now?.url}, on the last good run from ${page.before?.url}.`];
}

/** Says which fields the changes do not bring back. */
function describeLeft(fields: readonly string[]): string {
  if (fields.length === 0) return '';
  const [find, it] = fields.length === 1 ? ['finds', 'it'] : ['find', 'each'];
  return ` ${truncateList(fields, 5)} still ${find} nothing: find_selectors with an example of ${it}.`;
}

function pathOf(url: string): string {
  return canParseUrl(url) ? `${new URL(url).host}${new URL(url).pathname}` : url;
}

/** Says whether other jobs of the host fail, too: then the job is not at fault. */
function describeNeighbours({ neighbours, run }: RunFacts, cause: Cause): string[] {
  if (neighbours.length === 0 || cause === 'good' || cause === 'unfinished') return [];
  const failed = neighbours.filter(({ status }) => status !== 'succeeded');
  const host = run.host ?? 'its host';
  const others = pluralize(neighbours.length, 'other job');
  if (failed.length === 0) return [`Of ${others} on ${host}, all are good: the site answers.`];
  const kinds = [
    ...new Set(
      failed.map(({ error, status }) =>
        error === null ? status.replace('_', ' ') : describeErrorKind(error.kind),
      ),
    ),
  ];
  return [
    `Of ${others} on ${host}, ${failed.length} failed, too (${truncateList(kinds, 3)}): ${truncateList(
      failed.map(({ jobId }) => jobId),
      3,
    )}.`,
  ];
}

/** Names of files and fields that begin a message keep their letters. */
function capitalize(text: string): string {
  return /^[a-z]+(?: |$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS - 1)}…` : text;
}
