import { canParseUrl } from '../../../core/lib/can-parse-url.ts';
import { programCommand } from '../../../core/lib/installation.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { type Html, html } from './html.ts';
import type { ReportTimes } from './report-words.ts';

type Report = OperationOutput<'get_report'>;
type Failure = Report['failures'][number];
type Change = Report['changes'][number];

const CAUSES: Readonly<Record<Failure['cause'], string>> = {
  good: 'The last run was good',
  unfinished: 'It is running',
  page_changed: 'The page has changed',
  config_changed: 'Its configuration was changed',
  rules_broken: 'Values break the rules of its configuration',
  shows_less: 'The site shows less than usual',
  empty_list: 'The list is empty',
  selectors_stopped: 'The page has probably changed',
  sign_in: 'The page asks for a sign-in',
  captcha: 'The page asks to prove that a person reads it',
  blocked: 'The site denies access',
  consent: 'The page asks for consent first',
  error_page: 'The site answers with an error page',
  needs_browser: 'The page is empty without a browser',
  moved: 'The page has moved',
  not_a_page: 'The address answers with a file in place of a page',
  http: 'The site answers with an error',
  network: 'The site cannot be reached',
  robots: 'The site does not allow it (robots.txt)',
  timeout: 'The site is too slow',
  memory: 'There was too little memory',
  disk: 'The disk is full',
  output: 'The output file could not be written',
  configuration: 'Its configuration cannot be used',
  browser: 'The browser is missing or broke down',
  worker: 'The machine or process that ran it disappeared',
  cancelled: 'It was cancelled',
  skipped: 'It was skipped',
  missed: 'It was missed',
  other: 'It failed',
};

/** What fails, since when and why; nothing when all is well. */
export function failuresSection(report: Report, times: ReportTimes): Html | null {
  const { failures, failures_total, jobs } = report;
  const invalid = jobs.filter(({ condition }) => condition === 'invalid');
  if (failures_total === 0 && invalid.length === 0) return null;
  const cards = failures.map((failure) => failureCard(failure, times));
  const more = failures_total - failures.length;
  const files = invalid
    .slice(0, failures.length + 20)
    .map(
      ({ job_id, error }) =>
        html`<article class="card is-bad"><header><h3>${job_id}</h3></header><p class="cause">Its file cannot be used</p><p class="what">${error}</p></article>`,
    );
  return html`<section><h2>What fails</h2><p class="lead">The longest first, with the likely cause.</p>${cards}${more > 0 ? html`<p>${pluralize(more, 'more job')} ${more === 1 ? 'fails' : 'fail'}: the list of jobs has all.</p>` : null}${files}</section>`;
}

function failureCard(failure: Failure, times: ReportTimes): Html {
  const { job_id, run_id, paused, since, last_success, failures_in_a_row, cause, error, explanation } =
    failure;
  const streak =
    failures_in_a_row > 1 ? `${failures_in_a_row.toLocaleString('en-US')} failures in a row` : 'one failure';
  const when = [
    since === null ? null : `since ${times.moment(since)}`,
    streak,
    last_success === null ? 'no success is known' : `last success ${times.moment(last_success)}`,
  ].filter((part) => part !== null);
  const pause = paused ? html`<span class="pill is-bad">paused</span>` : null;
  const message = error === null ? null : html`<p>${error.message}</p>`;
  const sentences = explanation.map((sentence) => html`<p class="what">${readable(sentence, times)}</p>`);
  const more =
    sentences.length === 0
      ? null
      : html`<details><summary>What is known</summary>${sentences}<p class="what">In a terminal: <code>${programCommand()} job logs ${run_id}</code></p></details>`;
  return html`<article class="card is-bad"><header><h3>${job_id}</h3>${pause}<span class="what">${when.join(' · ')}</span></header><p class="cause">${CAUSES[cause]}</p>${message}${more}</article>
`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d/g;

/** The same sentence with instants that people read. */
function readable(sentence: string, times: ReportTimes): string {
  return sentence.replaceAll(INSTANT, (instant) => times.moment(instant));
}

/** What changed on the pages, with old and new values. */
export function changesSection(report: Report, times: ReportTimes): Html | null {
  const { changes, totals } = report;
  if (changes.length === 0) return null;
  const more = totals.changed_jobs - changes.length;
  const cards = changes.map((change) => changeCard(change, times));
  return html`<section><h2>What changed</h2><p class="lead">The newest change of each job, compared with the good run before it.</p>${cards}${more > 0 ? html`<p>${pluralize(more, 'more job')} changed.</p>` : null}</section>`;
}

const KINDS = { added: 'new', removed: 'gone', changed: 'changed' } as const;

function changeCard(change: Change, times: ReportTimes): Html {
  const { job_id, at, runs, rows, added, removed, changed } = change;
  const counts = [
    [added, 'new'],
    [removed, 'gone'],
    [changed, 'changed'],
  ] as const;
  const said = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString('en-US')} ${word}`)
    .join(', ');
  const left = added + removed + changed - rows.length;
  const table =
    rows.length === 0
      ? null
      : html`<table><caption>${left > 0 ? `${rows.length} of ${pluralize(rows.length + left, 'difference')}` : 'All differences'}</caption><thead class="hidden"><tr><th scope="col">What</th><th scope="col">Item</th><th scope="col">Values</th></tr></thead><tbody>${rows.map(changeRow)}</tbody></table>`;
  const often = runs > 1 ? ` · ${runs.toLocaleString('en-US')} runs with changes in this time` : '';
  return html`<article class="card"><header><h3>${job_id}</h3><span class="what">${said} on ${times.moment(at)}${often}</span></header>${table}</article>
`;
}

function changeRow({ kind, name, link, values }: Change['rows'][number]): Html {
  // A row without a key is named by its first value.
  const named = name === '' ? (link ?? '(no name)') : name;
  const shown = values.map(({ field, before, after }) => {
    const value =
      kind === 'changed'
        ? html`<del>${before ?? '(none)'}</del> → <ins>${after ?? '(none)'}</ins>`
        : html`${linked(after ?? before ?? '', after ?? before)}`;
    return html`<div><span class="field">${field}</span> ${value}</div>`;
  });
  return html`<tr><td class="kind">${KINDS[kind]}</td><th scope="row">${linked(named, link)}</th><td>${shown}</td></tr>`;
}

/** A text as a link, if its address is one of the web without a user; else as the text that it is. */
function linked(text: string, address: string | null): Html {
  if (address === null || !canParseUrl(address)) return html`${text}`;
  const { protocol, username, password, href } = new URL(address);
  const isSafe = ['http:', 'https:'].includes(protocol) && username === '' && password === '';
  if (!isSafe || address.endsWith('…')) return html`${text}`;
  return html`<a href="${href}" rel="noopener noreferrer nofollow">${text}</a>`;
}

/** Which scheduled runs did not start, and why. */
export function unstartedSection({ unstarted }: Report, times: ReportTimes): Html | null {
  if (unstarted.length === 0) return null;
  const rows = unstarted.map(
    ({ job_id, status, count, last, reason }) =>
      html`<tr><th scope="row"><span class="name">${job_id}</span></th><td>${count.toLocaleString('en-US')} ${status}</td><td>${times.moment(last)}</td><td>${reason ?? '–'}</td></tr>
`,
  );
  return html`<section><h2>What did not start</h2><table><caption>Missed: nothing could start them then. Skipped: a rule of the job said so.</caption><thead><tr><th scope="col">Job</th><th scope="col">Runs</th><th scope="col">Last one due</th><th scope="col">Why</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** What is due next. */
export function nextSection({ upcoming, jobs }: Report, times: ReportTimes): Html | null {
  if (jobs.length === 0) return null;
  if (upcoming.length === 0)
    return html`<section><h2>What is next</h2><p class="lead">No job is due by its schedule.</p></section>`;
  const items = upcoming.map(
    ({ job_id, at }) =>
      html`<li><span class="name">${job_id}</span><time datetime="${at}">${times.moment(at)}</time></li>`,
  );
  return html`<section><h2>What is next</h2><ul class="next">${items}</ul></section>`;
}
