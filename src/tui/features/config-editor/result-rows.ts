import type { RunRepairs } from '../../../core/diagnostics/runs/find-repairs.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { SelectorPart } from '../../../core/model/check.ts';
import { findJobRow } from '../../home/home-data.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { State } from '../../kernel/model.ts';
import { BLANK, plainRow, type StyledRow, tableHead, wrappedRows } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { itemColumnsOf, rowText, visibleColumnsFrom } from '../items/item-columns.ts';
import { currentYaml } from './config-state.ts';
import { type InspectedRun, isTestRunning, type TestRun } from './model.ts';
import { isBrokenFinding, repairsOf, type SelectorFinding } from './repair-state.ts';

const SPINNER_FRAMES = ['| ', '/ ', '- ', '\\ '] as const;

/** A row with an activity and its duration in seconds; `since` in epoch ms. */
export function spinnerRow(text: string, since: number): StyledRow {
  return {
    spans: [
      {
        text: (now) => SPINNER_FRAMES[Math.floor(now / 1000) % SPINNER_FRAMES.length] ?? SPINNER_FRAMES[0],
        style: 'running',
      },
      { text, style: 'running' },
      { text: (now) => ` ${Math.max(0, Math.floor((now - since) / 1000))} s`, style: 'faint' },
    ],
  };
}

/**
 * The label of a selector in a table: its field, or its other part in brackets. The brackets distinguish it from a
 * field with the same name.
 */
function selectorLabel({ part, field }: { part: SelectorPart; field: string }): string {
  return part === 'field' ? field : `[${part}]`;
}

type Answer = Extract<Exclude<TestRun['outcome'], string>, { ok: true }>['output'];

/** The state of the test run: active, cancelled, refused, or finished with its results. */
export function testRunRows(state: State, columns: number): StyledRow[] {
  const { editor } = state.configs;
  const { testRun } = editor;
  if (testRun === null) return [];
  const source = testRun.source === 'kept' ? `the page that run ${testRun.runId} kept` : 'the live page';
  if (isTestRunning(editor))
    return [spinnerRow(`Testing on ${source}`, testRun.startedAt), plainRow('Esc cancels it.', 'faint')];
  const title = plainRow(`Test on ${source}`, 'heading');
  const shown = currentYaml(state, editor.name);
  const isOld = shown !== '' && testRun.yaml !== shown;
  const old = isOld ? wrappedRows('The text has changed since: t tests it again.', columns, 'warning') : [];
  const { outcome } = testRun;
  if (typeof outcome === 'string') return [title, plainRow('Cancelled.', 'faint')];
  if (outcome.ok) return [title, ...old, ...resultRows(outcome.output, columns, pageBefore(state))];
  const { message, hint } = outcome.failure;
  return [title, ...old, ...wrappedRows(message, columns, 'bad'), ...wrappedRows(hint ?? '', columns)];
}

type PageRows = NonNullable<RunRepairs['before']>;

/** What the kept page gave with the saved text, if the test is on the page that is repaired. */
function pageBefore({ configs: { editor } }: State): PageRows | undefined {
  const { testRun } = editor;
  const repairs = repairsOf(editor);
  return (testRun?.runId === repairs?.runId && repairs?.before) || undefined;
}

function resultRows(
  { pages, items, sample, matches, warnings, error }: Answer,
  columns: number,
  before: PageRows | undefined,
): StyledRow[] {
  const was = before === undefined ? '' : `, ${before.rows} before`;
  const counts = `${pluralize(items, 'item')} from ${pluralize(pages, 'page')}${was}`;
  const failure =
    error === null
      ? []
      : [...wrappedRows(error.message, columns, 'bad'), ...wrappedRows(error.hint ?? '', columns)];
  return [
    plainRow(counts, error === null ? 'good' : 'bad'),
    ...failure,
    ...warnings.flatMap((warning) => wrappedRows(warning, columns, 'warning')),
    ...(before === undefined
      ? [BLANK, ...selectorMatchRows(matches, columns)]
      : comparedRows(matches, before, sample[0] ?? {}, columns)),
    ...(sample.length === 0 ? [] : [BLANK, ...sampleRows(sample, columns)]),
  ];
}

/** What the live page, from which the repair was proposed, gives with the text before and with the proposals. */
export function livePageRows({ configs: { editor } }: State, columns: number): StyledRow[] {
  const found = repairsOf(editor);
  if (found?.page !== 'live' || found.before === null || found.after === null) return [];
  const { before, after } = found;
  const matches = Object.entries(after.matches).map(
    ([field, matched]) => ({ part: 'field', field, selector: '', matched, pages: 1 }) as const,
  );
  return [
    BLANK,
    plainRow('As tried on the live page', 'heading'),
    plainRow(`${pluralize(after.rows, 'item')}, ${before.rows} before`, after.rows > 0 ? 'good' : 'bad'),
    ...comparedRows(matches, before, after.first as Answer['sample'][number], columns),
  ];
}

const FIELD_CELLS = 16;
const COUNT_CELLS = 8;

function selectorMatchRows(matches: Answer['matches'], columns: number): StyledRow[] {
  const field = Math.min(
    FIELD_CELLS,
    Math.max(5, ...matches.map((match) => displayWidth(selectorLabel(match)))),
  );
  const rest = Math.max(8, columns - field - COUNT_CELLS - 4);
  const head = `${fitTo('FIELD', field)}  ${fitTo('MATCHED', COUNT_CELLS, 'right')}  ${fitTo('SELECTOR', rest)}`;
  const rows = matches.flatMap((match): StyledRow[] => {
    const name = fitTo(selectorLabel(match), field);
    const count = fitTo(String(match.matched), COUNT_CELLS, 'right');
    const style = match.matched === 0 ? 'bad' : 'plain';
    const row: StyledRow = {
      spans: [
        { text: `${name}  ${count}  `, style },
        { text: fitTo(match.selector, rest), style: match.matched === 0 ? 'bad' : 'faint' },
      ],
    };
    return [row, ...nearRows(match.nearest, columns)];
  });
  return [tableHead(head), ...rows];
}

/** What is near to a selector that matches nothing. */
function nearRows(nearest: Answer['matches'][number]['nearest'], columns: number): StyledRow[] {
  if (nearest === undefined || nearest.near.length === 0) return [];
  return wrappedRows(
    `There is no ${nearest.missing}; near are ${nearest.near.join(', ')}.`,
    columns,
    'warning',
  );
}

/** What each selector matched before and matches now, and the first value: before, if it was another one, and now. */
function comparedRows(
  matches: Answer['matches'],
  before: PageRows,
  sample: Answer['sample'][number],
  columns: number,
): StyledRow[] {
  const field = Math.min(FIELD_CELLS, Math.max(5, ...matches.map((one) => displayWidth(selectorLabel(one)))));
  const line = (name: string, was: string, now: string) =>
    `${fitTo(name, field)}  ${fitTo(was, RUN_COUNT_CELLS, 'right')}  ${fitTo(now, RUN_COUNT_CELLS, 'right')}  `;
  const rest = Math.max(8, columns - displayWidth(line('', '', '')));
  const value = (one: unknown) => (one == null ? 'none' : JSON.stringify(one));
  const rows = matches.map((one) => {
    const isField = one.part === 'field' && Object.hasOwn(sample, one.field);
    const [was, now] = [value(before.first[one.field]), value(sample[one.field])];
    const count = before.matches[one.field];
    const isChanged = isField && was !== now;
    const style = one.matched === 0 ? 'bad' : isChanged ? 'good' : 'plain';
    const values = !isField ? one.selector : isChanged ? `${was} → ${now}` : now;
    const row: StyledRow = {
      spans: [
        {
          text: line(selectorLabel(one), count === undefined ? '' : String(count), String(one.matched)),
          style,
        },
        { text: fitTo(sanitizeText(values), rest), style: isChanged ? 'good' : 'faint' },
      ],
    };
    return { row, isChanged };
  });
  const changedFirst = rows.toSorted((one, other) => Number(other.isChanged) - Number(one.isChanged));
  return [tableHead(`${line('FIELD', 'BEFORE', 'NOW')}FIRST ITEM`), ...changedFirst.map(({ row }) => row)];
}

/** The first items as a table of the columns that fit. */
function sampleRows(sample: Answer['sample'], columns: number): StyledRow[] {
  const all = itemColumnsOf(sample).map((column) => ({ ...column, cells: Math.min(column.cells, 22) }));
  const shown = visibleColumnsFrom(all, 0, columns);
  const titles = Object.fromEntries(shown.map(({ field }) => [field, field]));
  const hidden = all.length - shown.length;
  return [
    tableHead(rowText(titles, shown)),
    ...sample.map((item) => plainRow(rowText(item, shown))),
    ...(hidden === 0 ? [] : [plainRow(`and ${pluralize(hidden, 'more field')}`, 'faint')]),
  ];
}

/** The run that was started from here, while it is active. */
export function activeRunRows(state: State, columns: number): StyledRow[] {
  const { requestedRun, run } = state.configs.editor;
  if (requestedRun === null || run?.runId === requestedRun.runId) return [];
  const active = findJobRow(state.home?.jobs ?? [], requestedRun.jobId)?.active.find(
    ({ runId }) => runId === requestedRun.runId,
  );
  const display = STATUS_DISPLAY[active?.status ?? 'queued'];
  const counts =
    active === undefined || active.startedAt === null
      ? ''
      : `, ${pluralize(active.items, 'item')} from ${pluralize(active.pages, 'page')}`;
  return wrappedRows(
    `Run ${requestedRun.runId} of ${requestedRun.jobId}: ${display.word}${counts}`,
    columns,
    display.style,
  );
}

/** The results of a run's selectors beside their usual results. */
export function runRows(state: State, columns: number): StyledRow[] {
  const { run } = state.configs.editor;
  if (run === null) return [];
  const title = `Run ${run.runId} of ${run.jobId}`;
  if (run.problem !== null) return [plainRow(title, 'heading'), ...wrappedRows(run.problem, columns, 'bad')];
  if (run.output === null) return [plainRow(title, 'heading'), plainRow('Reading what it found…', 'faint')];
  return [plainRow(title, 'heading'), ...inspectedRunRows(run.output, areAtFault(state), columns)];
}

/** Whether selectors without matches may be broken: on another page, such as a sign-in, they are not. */
function areAtFault({ configs: { editor } }: State): boolean {
  const found = repairsOf(editor);
  return found === undefined || !found.isOtherPage || found.broken.length > 0;
}

function inspectedRunRows(
  { run, selectors, kept_pages: savedPages, log_tail }: NonNullable<InspectedRun['output']>,
  areFaulty: boolean,
  columns: number,
): StyledRow[] {
  const display = STATUS_DISPLAY[run.status];
  const counts = `${display.word}, ${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')}`;
  const pages = `It kept ${pluralize(savedPages.length, 'page')}: p shows it, t tests on it, w chooses the live page.`;
  return [
    ...wrappedRows(counts, columns, display.style),
    ...itemRows(log_tail, columns),
    ...(selectors.length === 0 ? [] : selectorRows(selectors, areFaulty, columns)),
    ...(run.error === null ? [] : wrappedRows(run.error.message, columns, 'bad')),
    ...(savedPages.length === 0 ? [] : wrappedRows(pages, columns)),
  ];
}

/** If `item` matches nothing, no field can match, so `item` is what needs the fix. Only the log reports this. */
function itemRows(log: readonly string[], columns: number): StyledRow[] {
  const found = log.map((line) => / WARN +(item ".*" matches nothing on .*)/.exec(line)?.[1]);
  const first = found.find((words) => words !== undefined);
  return first === undefined ? [] : wrappedRows(first, columns, 'bad');
}

const RUN_COUNT_CELLS = 7;

/** The broken ones first, as they are what is looked for, each with what it usually matches, where that is known. */
function selectorRows(
  selectors: readonly SelectorFinding[],
  areFaulty: boolean,
  columns: number,
): StyledRow[] {
  const isBroken = (one: SelectorFinding) => areFaulty && isBrokenFinding(one);
  const field = Math.min(
    16,
    Math.max(5, ...selectors.map((selector) => displayWidth(selectorLabel(selector)))),
  );
  const growth = growthOf(selectors.find(({ part }) => part === 'item'));
  const isUsualKnown = selectors.some(({ usual }) => usual !== null);
  const cell = (text: string) => `${fitTo(text, RUN_COUNT_CELLS, 'right')}  `;
  const line = (name: string, matched: string, usual: string) =>
    `${fitTo(name, field)}  ${cell(matched)}${isUsualKnown ? cell(usual) : ''}`;
  const rest = Math.max(8, columns - displayWidth(line('', '', '')));
  const rows = selectors
    .toSorted((one, other) => Number(isBroken(other)) - Number(isBroken(one)))
    .flatMap((one): StyledRow[] => {
      const { matched, usual, stopped, selector } = one;
      const style = isBroken(one) ? 'bad' : 'plain';
      const text = stopped && areFaulty ? `broken: ${selector}` : selector;
      const counts = line(selectorLabel(one), String(matched), usual === null ? '' : String(usual));
      // The description of the problem has to be readable in full.
      if (style === 'bad' && displayWidth(text) > rest)
        return [
          { spans: [{ text: `${counts}${fitTo(stopped ? 'broken:' : '', rest)}`, style }] },
          ...wrappedRows(selector, columns, style),
        ];
      const row: StyledRow = {
        spans: [
          { text: counts, style },
          { text: fitTo(text, rest), style: style === 'bad' ? 'bad' : 'faint' },
        ],
      };
      return isCrowded(one, growth) ? [row, ...wrappedRows(CROWDED, columns, 'warning')] : [row];
    });
  return [tableHead(`${line('FIELD', 'MATCHED', 'USUAL')}SELECTOR`), ...rows];
}

const CROWDED =
  'It matches more than usual in a row, of which the first counts: see whether the value is right.';
/** More matches than this, by what is usual, are several in most rows. */
const CROWDED_SHARE = 1.5;

/** Whether a field has matched more often than usual, and not because there are more rows. */
function isCrowded({ part, matched, usual }: SelectorFinding, growth: number): boolean {
  return part === 'field' && usual !== null && usual > 0 && matched > usual * growth * CROWDED_SHARE;
}

/** How many times the usual rows a run had, if there were more. */
function growthOf(item: SelectorFinding | undefined): number {
  return item?.usual ? Math.max(1, item.matched / item.usual) : 1;
}
