import { formatDuration } from '../../../core/lib/format-duration.ts';
import { pluralize, truncateList } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { type Html, html } from './html.ts';
import { durationCurve, itemsCurve, outcomeStrip } from './report-curves.ts';
import { formatShare, type ReportTimes } from './report-words.ts';

type Report = OperationOutput<'get_report'>;
type Job = Report['jobs'][number];

const CONDITIONS: Readonly<Record<Job['condition'], [word: string, kind: string]>> = {
  invalid: ['file cannot be used', 'is-bad'],
  paused: ['paused', 'is-bad'],
  failing: ['fails', 'is-bad'],
  incomplete: ['values missing', 'is-warning'],
  well: ['well', 'is-good'],
  new: ['not run yet', 'is-none'],
  disabled: ['disabled', 'is-none'],
};

const OUTCOMES: Readonly<Record<string, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'ran out of time',
  abandoned: 'was abandoned',
  cancelled: 'was cancelled',
};

/** The state of a job in a word. */
export function conditionPill({ condition }: Pick<Job, 'condition'>): Html {
  const [word, kind] = CONDITIONS[condition];
  return html`<span class="pill ${kind}">${word}</span>`;
}

/** All jobs, the worst first, with their outcomes, items and durations as curves. */
export function jobsSection(report: Report, times: ReportTimes): Html {
  const { jobs, steps } = report;
  if (jobs.length === 0)
    return html`<section><h2>Jobs</h2><p class="lead">There are none yet. A job reads pages by a schedule; its runs will be shown here.</p></section>`;
  const heads = ['Job', 'State', 'Outcomes', 'Success', 'Items', 'Duration', 'Last run', 'Next'];
  const head = heads.map((name) => html`<th scope="col">${name}</th>`);
  const rows = jobs.map((job) => jobRow(job, steps, times));
  return html`<section><h2>Jobs</h2><table class="jobs"><caption>${pluralize(jobs.length, 'job')}, those that need a look first. Curves go from ${times.moment(report.from)} to ${times.moment(report.until)}; a tall bar is a failure.</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

function jobRow(job: Job, steps: number, times: ReportTimes): Html {
  const { job_id, config_name, description, error, lost, success_rate, last, next_run } = job;
  const about = error ?? describeLost(lost) ?? description ?? (config_name === job_id ? null : config_name);
  const cells: [label: string, content: Html | string | null][] = [
    ['Success', success_rate === null ? '–' : formatShare(success_rate)],
    [
      'Items',
      withCurve(
        last?.status === 'succeeded' ? last.items.toLocaleString('en-US') : null,
        itemsCurve(job.steps, steps),
      ),
    ],
    [
      'Duration',
      withCurve(
        last?.duration_ms == null ? null : formatDuration(last.duration_ms),
        durationCurve(job.steps, steps),
      ),
    ],
    ['Last run', lastRun(last, times)],
    ['Next', next_run === null ? '–' : times.moment(next_run)],
  ];
  const shown = cells.map(([label, content]) => html`<td data-label="${label}"><span>${content}</span></td>`);
  return html`<tr><th scope="row"><span class="name">${job_id}</span>${about === null ? null : html`<span class="sub">${about}</span>`}</th><td data-label="State">${conditionPill(job)}</td><td class="wide">${outcomeStrip(job.steps, steps)}</td>${shown}</tr>
`;
}

function describeLost(lost: readonly string[]): string | null {
  return lost.length === 0 ? null : `no longer found: ${truncateList(lost)}`;
}

/** The last value beside its curve. */
function withCurve(value: string | null, curve: Html | null): Html | string {
  if (value === null && curve === null) return '–';
  return html`<span class="last">${value ?? '–'}</span>${curve}`;
}

function lastRun(last: Job['last'], times: ReportTimes): Html | string {
  if (last === null) return 'none yet';
  return html`${times.moment(last.at)}<span class="sub">${OUTCOMES[last.status] ?? last.status}</span>`;
}
