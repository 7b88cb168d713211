import { createHash } from 'node:crypto';
import { VERSION } from '../../../core/lib/program.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { Html, html } from './html.ts';
import { runsChart, runsOf } from './report-curves.ts';
import { jobsSection } from './report-jobs.ts';
import { changesSection, failuresSection, nextSection, unstartedSection } from './report-sections.ts';
import { REPORT_STYLE } from './report-style.ts';
import { formatShare, type ReportTimes, reportTimes } from './report-words.ts';

type Report = OperationOutput<'get_report'>;

/**
 * The report as one page of HTML that needs nothing else: its policy allows its own style and nothing more, so a text
 * of a page that were taken for HTML could not run, load or send anything either.
 */
export function formatReportPage(report: Report): string {
  const times = reportTimes(report.timezone);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${report.headline} · QuickScrape Jobs</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
<div class="page">
${pageHeader(report, times)}
<main>
${verdict(report, times)}
${figures(report)}
${chart(report, times)}
${failuresSection(report, times)}
${changesSection(report, times)}
${unstartedSection(report, times)}
${jobsSection(report, times)}
${nextSection(report, times)}
</main>
<footer>Times are in ${report.timezone}. Made by QuickScrape Jobs ${VERSION} on ${times.moment(report.until)}. This page loads nothing and sends nothing.</footer>
</div>
</body>
</html>
`;
  return page.text;
}

function policy(): string {
  const hash = createHash('sha256').update(REPORT_STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

function pageHeader({ days, from, until }: Report, times: ReportTimes): Html {
  const period = days === 1 ? 'The last 24 hours' : `The last ${days} days`;
  return html`<header class="brand"><span><b>${period}</b> · ${times.moment(from)} to ${times.moment(until)}</span><span>${times.longDay(until)}</span></header>`;
}

const SIGNS: Readonly<Record<Report['level'], string>> = {
  good: 'M14 25l7 7 14-15',
  warning: 'M24 13v13M24 34v.5',
  bad: 'M16 16l16 16M32 16l-16 16',
};

function verdict({ level, headline, since, notes, failures_total }: Report, times: ReportTimes): Html {
  const sign = html`<svg class="sign" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="24"/><path d="${SIGNS[level]}"/></svg>`;
  const said =
    since === null
      ? null
      : html`<p>${failures_total === 1 ? 'Since' : 'The first of them since'} ${times.moment(since)}.</p>`;
  return html`<div class="verdict is-${level}">${sign}<div><h1>${headline}</h1>${said}${notes.length === 0 ? null : html`<p>${notes.join(' ')}</p>`}</div></div>`;
}

function figures({ totals, unstarted_total }: Report): Html {
  const runs = totals.succeeded + totals.failed + totals.cancelled;
  const number = (value: number) => value.toLocaleString('en-US');
  const tiles: [name: string, value: string][] = [
    ['of the runs succeeded', totals.success_rate === null ? '–' : formatShare(totals.success_rate)],
    [runs === 1 ? 'run' : 'runs', number(runs)],
    [totals.items === 1 ? 'item read' : 'items read', number(totals.items)],
    [totals.changed_jobs === 1 ? 'job with changes' : 'jobs with changes', number(totals.changed_jobs)],
    [unstarted_total === 1 ? 'run did not start' : 'runs did not start', number(unstarted_total)],
  ];
  const shown = tiles.map(([name, value]) => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="tiles">${shown}</dl>`;
}

function chart(report: Report, times: ReportTimes): Html | null {
  if (report.by_step.every((step) => runsOf(step) === 0)) return null;
  const from = Date.parse(report.from);
  const until = Date.parse(report.until);
  const label = (share: number) => {
    const at = from + (until - from) * share;
    return html`<span>${report.days <= 2 ? times.hour(at) : times.day(at)}</span>`;
  };
  const hours = report.step_s / 3600;
  const length = hours % 24 === 0 ? pluralize(hours / 24, 'day') : pluralize(hours, 'hour');
  return html`<figure class="card figure"><figcaption><b>Runs of all jobs</b>, each bar ${length}</figcaption>${runsChart(report)}<div class="axis" aria-hidden="true">${[0, 0.25, 0.5, 0.75, 1].map(label)}</div>
<ul class="legend"><li class="is-good">succeeded</li><li class="is-bad">failed</li><li class="is-warning">did not start</li><li class="is-none">cancelled</li></ul></figure>`;
}
