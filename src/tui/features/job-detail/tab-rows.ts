import { displayWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { fieldOf, isFilled } from '../../../core/runs/item-values.ts';
import { isExecuted } from '../../../core/runs/last-run.ts';
import { formatInstant } from '../../../core/schedule/engine/instant.ts';
import type { JobRow } from '../../home/job-row.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { ChartSigns } from '../../ui/chart.ts';
import { CLOCK_TIME_CELLS, formatClockTime, formatRunDuration } from '../../ui/format.ts';
import {
  plainRow,
  rowCells,
  type StyledRow,
  styledRow,
  type TextSpan,
  wrappedRows,
} from '../../ui/styled-row.ts';
import { cleanLines, fitTo, wrapText } from '../../ui/text/fit.ts';
import { chartsAcross, jobChartRows, shownRuns } from '../charts/job-charts.ts';
import { jobFigures } from '../charts/job-figures.ts';
import { yamlSpans } from '../config-editor/text-rows.ts';
import {
  columnRule,
  formatItemValue,
  itemColumnsOf,
  visibleColumnsFrom,
  withTitleRoom,
} from '../items/item-columns.ts';
import { fillShare, itemCell, titleWithShare } from '../items/missing-values.ts';
import type { Item } from '../items/model.ts';
import { isUrgent, lineStyle } from '../log/log-line.ts';
import type { LogLine } from '../log/model.ts';
import { describeRunProblem } from '../runs/run-explanation.tsx';
import type { TabAnswer, TabData } from './model.ts';

/** The place of a tab's rows. */
export interface TabArea {
  readonly columns: number;
  /** The rows to fill; more are scrolled. */
  readonly rows: number;
  /** Epoch ms, rounded to the minute. */
  readonly now: number;
  readonly timezone: string;
  readonly signs: ChartSigns;
  readonly linear: boolean;
}

/** The rows of a tab of the detail, without that of why the job runs or not, which has sections of its own. */
export function tabRows(row: JobRow, answer: TabAnswer | undefined, area: TabArea): readonly StyledRow[] {
  if (answer === undefined) return [plainRow('Reading…', 'faint')];
  if ('failure' in answer) {
    const { message, hint } = answer.failure;
    return [
      ...wrappedRows(message, area.columns, 'bad'),
      ...(hint === undefined ? [] : wrappedRows(hint, area.columns)),
    ];
  }
  return dataRows(answer.data, row, area);
}

function dataRows(data: TabData, row: JobRow, area: TabArea): readonly StyledRow[] {
  switch (data.tab) {
    case 'none':
      return wrappedRows(data.text, area.columns, 'faint');
    case 'runs':
      return runRows(data, area);
    case 'charts':
      return chartTabRows(data, area);
    case 'log':
      return logRows(data, row, area);
    case 'items':
      return itemRows(data, area);
    case 'config':
      return configRows(data, area);
    default:
      return data satisfies never;
  }
}

type DataOf<T extends TabData['tab']> = Extract<TabData, { tab: T }>;

function runRows({ runs, total }: DataOf<'runs'>, area: TabArea): StyledRow[] {
  const { columns, now, timezone, linear } = area;
  if (runs.length === 0) return [plainRow('The job has not run yet.', 'faint')];
  const rows = runs.flatMap((run): StyledRow[] => {
    if (linear) return wrappedRows(spokenRun(run, area), columns, STATUS_DISPLAY[run.status].style);
    const { icon, word, style } = STATUS_DISPLAY[run.status];
    const when = formatClockTime(Date.parse(run.started_at ?? run.queued_at), now, timezone);
    const took = run.duration_ms === null ? '' : formatRunDuration(run.duration_ms);
    const items = run.started_at === null ? '' : run.items.toLocaleString('en-US');
    const problem = describeRunProblem(run, { now, timezone });
    const row = styledRow(
      columns,
      { text: fitTo(`${icon} ${word}`, 12), style },
      {
        text: `${fitTo(when, CLOCK_TIME_CELLS)}${fitTo(took, 8, 'right')}${fitTo(items, 9, 'right')}  `,
        style: 'plain',
      },
      {
        text: problem === '' ? run.trigger.replace('_', ' ') : problem,
        style: problem === '' ? 'faint' : style,
      },
    );
    return [row];
  });
  const left = total - runs.length;
  return left <= 0
    ? rows
    : [...rows, plainRow(`${left.toLocaleString('en-US')} older: Enter lists them`, 'faint')];
}

/** A run in words, for a screen reader: `failed, started 11:43, took 2s, 0 items, nothing listens there` */
function spokenRun(run: RunOutput, { now, timezone }: TabArea): string {
  const when = formatClockTime(Date.parse(run.started_at ?? run.queued_at), now, timezone).trim();
  const problem = describeRunProblem(run, { now, timezone });
  return [
    STATUS_DISPLAY[run.status].word,
    run.started_at === null ? `queued ${when}` : `started ${when}`,
    run.duration_ms === null ? '' : `took ${formatRunDuration(run.duration_ms)}`,
    run.started_at === null ? '' : pluralize(run.items, 'item'),
    problem === '' ? `trigger ${run.trigger.replace('_', ' ')}` : problem,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function chartTabRows({ runs }: DataOf<'charts'>, area: TabArea): StyledRow[] {
  const { columns, rows, now, timezone, signs, linear } = area;
  const drawing = { signs, isSpoken: linear };
  const across = chartsAcross(columns, rows);
  const room = { columns, rows, across, now, timezone } as const;
  return jobChartRows(jobFigures(runs, shownRuns(room, drawing)), room, drawing);
}

/** `09:00:00 ` */
const TIME_CELLS = 9;

/** The last lines of a log, wrapped; a level that needs attention stands in words before its line. */
function logRows({ lines, runId }: DataOf<'log'>, row: JobRow, { columns, timezone }: TabArea): StyledRow[] {
  if (lines.length > 0) return lines.flatMap((line) => logLineRows(line, columns, timezone));
  const run = row.active.find((active) => active.runId === runId);
  if (run === undefined) return [plainRow('Nothing was logged.', 'faint')];
  const isQueued = run.startedAt === null;
  return [plainRow(isQueued ? 'The log begins when the run starts.' : 'Nothing is logged yet.', 'faint')];
}

function logLineRows(line: LogLine, columns: number, timezone: string): StyledRow[] {
  const { at, level, text } = line;
  const time = at === null ? '' : formatInstant(at, timezone).slice(11, 19);
  const word = at !== null && isUrgent(line) ? `${level?.toUpperCase()} ` : '';
  const style = lineStyle(line);
  return wrapText(word + text, Math.max(1, columns - TIME_CELLS)).map((part, index) =>
    styledRow(
      columns,
      { text: fitTo(index === 0 ? time : '', TIME_CELLS), style: 'faint' },
      { text: part, style },
    ),
  );
}

/** An item in words, for a screen reader: `title: Emma, price: 9` */
function spokenItem(item: Item, fields: readonly string[]): string {
  return fields
    .map((field) => `${field}: ${formatItemValue(fieldOf(item, field)).trim() || 'no value'}`)
    .join(', ');
}

function itemRows(data: DataOf<'items'>, { columns, linear }: TabArea): StyledRow[] {
  const { items, total, runId, required } = data;
  if (items.length === 0) return wrappedRows(`Run ${runId} has no items.`, columns, 'faint');
  if (linear) {
    const fields = itemColumnsOf(items).map(({ field }) => field);
    return [
      ...wrappedRows(describeFirst(items.length, total, runId), columns, 'faint'),
      ...items.flatMap((item) => wrappedRows(spokenItem(item, fields), columns)),
    ];
  }
  const all = itemColumnsOf(items).map((column) => withTitleRoom(column));
  const shown = visibleColumnsFrom(all, 0, columns);
  const isRequired = new Set(required);
  const rule = columnRule(shown, columns);
  const ruleBefore = (at: number): TextSpan[] => (at === 0 ? [] : [{ text: rule, style: 'rule' }]);
  const titles = shown.flatMap((column, at): TextSpan[] => {
    const filled = items.filter((item) => isFilled(fieldOf(item, column.field))).length;
    const { text, style } = fillShare(filled, items.length, isRequired.has(column.field));
    const { title, share } = titleWithShare(column, text);
    return [
      ...ruleBefore(at),
      { text: title, style: 'heading' },
      { text: share, style: style ?? 'heading' },
      { text: ' '.repeat(Math.max(0, column.cells - displayWidth(title + share))), style: 'heading' },
    ];
  });
  const blank = columns - rowCells({ spans: titles });
  const cells = (item: Item) =>
    shown.flatMap((column, at): TextSpan[] => [
      ...ruleBefore(at),
      itemCell(fieldOf(item, column.field), column, isRequired.has(column.field)),
    ]);
  return [
    ...positionRows(describeFirst(items.length, total, runId), all.length - shown.length, columns),
    {
      ...styledRow(columns, ...titles, { text: ' '.repeat(Math.max(0, blank)), style: 'heading' }),
      isHead: true,
      isTitles: true,
    },
    ...items.map((item) => styledRow(columns, ...cells(item))),
  ];
}

const MIN_BLANK_CELLS = 2;

/** What the items are, and at the right how many columns have no room, with the keys that lead to them. */
function positionRows(said: string, beyond: number, columns: number): StyledRow[] {
  const more = beyond === 0 ? '' : `${pluralize(beyond, 'more column')}: Enter, then i`;
  const blank = columns - displayWidth(said) - displayWidth(more);
  if (more === '' || blank < MIN_BLANK_CELLS)
    return [
      ...wrappedRows(said, columns, 'faint'),
      ...(more === '' ? [] : wrappedRows(more, columns, 'key')),
    ];
  return [
    styledRow(columns, { text: said + ' '.repeat(blank), style: 'faint' }, { text: more, style: 'key' }),
  ];
}

/** `60 items of run k3f9`, `the first 100 of 1,000 items of run k3f9; the shares are of these` */
function describeFirst(count: number, total: number, runId: string): string {
  if (count >= total) return `${pluralize(total, 'item')} of run ${runId}`;
  const shares = 'the shares are of these';
  return `the first ${count.toLocaleString('en-US')} of ${pluralize(total, 'item')} of run ${runId}; ${shares}`;
}

function configRows({ yaml }: DataOf<'config'>, { columns }: TabArea): StyledRow[] {
  return yamlSpans(cleanLines(yaml.trimEnd())).map((spans) => styledRow(columns, ...spans));
}

/** The run whose items are worth a look: the newest that has some, else the last one. */
export function runWithItems({ history, last }: JobRow): string | undefined {
  const found = history.findLast((run) => isExecuted(run) && run.items > 0);
  return found?.runId ?? last?.runId;
}
