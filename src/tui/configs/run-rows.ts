import { pluralize } from '../../core/lib/pluralize.ts';
import { findJobRow } from '../home/home-data.ts';
import type { State } from '../state/state.ts';
import { plainRow, type StyledRow, wrappedRows } from '../styled-row.ts';
import { fitTo, textWidth } from '../text/fit.ts';
import { STATUS_DISPLAY } from '../theme.ts';
import type { InspectedRun } from './config-editor.ts';
import { selectorLabel } from './selector-label.ts';

/** The run that was asked for from here, until it is over. */
export function activeRunRows(state: State, columns: number): StyledRow[] {
  const { requestedRun, run } = state.configs.editor;
  if (requestedRun === null || run?.runId === requestedRun.runId) return [];
  const active = findJobRow(state.home?.jobs ?? [], requestedRun.jobId)?.active.find(
    ({ runId }) => runId === requestedRun.runId,
  );
  const face = STATUS_DISPLAY[active?.status ?? 'queued'];
  const counts =
    active === undefined || active.startedAt === null
      ? ''
      : `, ${pluralize(active.items, 'item')} from ${pluralize(active.pages, 'page')}`;
  return wrappedRows(
    `Run ${requestedRun.runId} of ${requestedRun.jobId}: ${face.word}${counts}`,
    columns,
    face.style,
  );
}

/** What a run's selectors found, beside what is usual. */
export function runRows(state: State, columns: number): StyledRow[] {
  const { run } = state.configs.editor;
  if (run === null) return [];
  const title = `Run ${run.runId} of ${run.jobId}`;
  if (run.problem !== null) return [plainRow(title, 'heading'), ...wrappedRows(run.problem, columns, 'bad')];
  if (run.output === null) return [plainRow(title, 'heading'), plainRow('Reading what it found…', 'faint')];
  return [plainRow(title, 'heading'), ...inspectedRunRows(run.output, columns)];
}

function inspectedRunRows(
  { run, selectors, kept_pages: savedPages, log_tail }: NonNullable<InspectedRun['output']>,
  columns: number,
): StyledRow[] {
  const face = STATUS_DISPLAY[run.status];
  const counts = `${face.word}, ${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')}`;
  const pages = `It kept ${pluralize(savedPages.length, 'page')}: p shows it, t tests on it, w chooses the live page.`;
  return [
    ...wrappedRows(counts, columns, face.style),
    ...itemRows(log_tail, columns),
    ...(selectors.length === 0 ? [] : selectorRows(selectors, columns)),
    ...(run.error === null ? [] : wrappedRows(run.error.message, columns, 'bad')),
    ...(savedPages.length === 0 ? [] : wrappedRows(pages, columns)),
  ];
}

/** Where `item` matches nothing no field can match, and it is `item` that has to be mended. Only the log tells. */
function itemRows(log: readonly string[], columns: number): StyledRow[] {
  const found = log.map((line) => / WARN +(item ".*" matches nothing on .*)/.exec(line)?.[1]);
  const first = found.find((words) => words !== undefined);
  return first === undefined ? [] : wrappedRows(first, columns, 'bad');
}

const COUNT_CELLS = 7;

function selectorRows(
  selectors: NonNullable<InspectedRun['output']>['selectors'],
  columns: number,
): StyledRow[] {
  const field = Math.min(16, Math.max(5, ...selectors.map((selector) => textWidth(selectorLabel(selector)))));
  const rest = Math.max(8, columns - field - 2 * COUNT_CELLS - 6);
  const line = (name: string, matched: string, usual: string) =>
    `${fitTo(name, field)}  ${fitTo(matched, COUNT_CELLS, 'right')}  ${fitTo(usual, COUNT_CELLS, 'right')}  `;
  const rows = selectors.flatMap((one): StyledRow[] => {
    const { matched, usual, stopped, selector } = one;
    const style = stopped || matched === 0 ? 'bad' : 'plain';
    const text = stopped ? `stopped: ${selector}` : selector;
    const counts = line(selectorLabel(one), String(matched), usual === null ? '' : String(usual));
    // What has to be mended has to be read as a whole.
    if (style === 'bad' && textWidth(text) > rest)
      return [
        { spans: [{ text: `${counts}${fitTo(stopped ? 'stopped:' : '', rest)}`, style }] },
        ...wrappedRows(selector, columns, style),
      ];
    return [
      {
        spans: [
          { text: counts, style },
          { text: fitTo(text, rest), style: style === 'bad' ? 'bad' : 'faint' },
        ],
      },
    ];
  });
  return [plainRow(`${line('FIELD', 'MATCHED', 'USUAL')}SELECTOR`, 'faint'), ...rows];
}
