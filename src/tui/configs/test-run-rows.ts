import { pluralize } from '../../core/lib/pluralize.ts';
import { itemColumnsOf, rowText, visibleColumnsFrom } from '../items/item-columns.ts';
import type { State } from '../state/state.ts';
import { BLANK, plainRow, type StyledRow, wrappedRows } from '../styled-row.ts';
import { fitTo, textWidth } from '../text/fit.ts';
import { spinnerRow } from './busy-row.ts';
import { isTestRunning, type TestRun } from './config-editor.ts';
import { currentYaml } from './configs-state.ts';
import { selectorLabel } from './selector-label.ts';

type Answer = Extract<Exclude<TestRun['outcome'], string>, { ok: true }>['output'];

/** The trial of a text: under way, called off, refused, or what it took from the pages. */
export function testRunRows(state: State, columns: number): StyledRow[] {
  const { editor } = state.configs;
  const { testRun } = editor;
  if (testRun === null) return [];
  const source = testRun.source === 'kept' ? `the page that run ${testRun.runId} kept` : 'the live page';
  if (isTestRunning(editor))
    return [spinnerRow(`Testing on ${source}`, testRun.startedAt), plainRow('Esc calls it off.', 'faint')];
  const title = plainRow(`Test on ${source}`, 'heading');
  const shown = currentYaml(state, editor.name);
  const isOld = shown !== '' && testRun.yaml !== shown;
  const old = isOld ? wrappedRows('The text has changed since: t tests it again.', columns, 'warning') : [];
  const { outcome } = testRun;
  if (typeof outcome === 'string') return [title, plainRow('Called off.', 'faint')];
  if (outcome.ok) return [title, ...old, ...resultRows(outcome.output, columns)];
  const { message, hint } = outcome.failure;
  return [title, ...old, ...wrappedRows(message, columns, 'bad'), ...wrappedRows(hint ?? '', columns)];
}

function resultRows(
  { pages, items, sample, matches, warnings, error }: Answer,
  columns: number,
): StyledRow[] {
  const counts = `${pluralize(items, 'item')} from ${pluralize(pages, 'page')}`;
  const failure =
    error === null
      ? []
      : [...wrappedRows(error.message, columns, 'bad'), ...wrappedRows(error.hint ?? '', columns)];
  return [
    plainRow(counts, error === null ? 'good' : 'bad'),
    ...failure,
    ...warnings.flatMap((warning) => wrappedRows(warning, columns, 'warning')),
    BLANK,
    ...matchRows(matches, columns),
    ...(sample.length === 0 ? [] : [BLANK, ...sampleRows(sample, columns)]),
  ];
}

const FIELD_CELLS = 16;
const COUNT_CELLS = 8;

function matchRows(matches: Answer['matches'], columns: number): StyledRow[] {
  const field = Math.min(
    FIELD_CELLS,
    Math.max(5, ...matches.map((match) => textWidth(selectorLabel(match)))),
  );
  const rest = Math.max(8, columns - field - COUNT_CELLS - 4);
  const head = `${fitTo('FIELD', field)}  ${fitTo('MATCHED', COUNT_CELLS, 'right')}  ${fitTo('SELECTOR', rest)}`;
  const rows = matches.map((match): StyledRow => {
    const name = fitTo(selectorLabel(match), field);
    const count = fitTo(String(match.matched), COUNT_CELLS, 'right');
    const style = match.matched === 0 ? 'bad' : 'plain';
    return {
      spans: [
        { text: `${name}  ${count}  `, style },
        { text: fitTo(match.selector, rest), style: match.matched === 0 ? 'bad' : 'faint' },
      ],
    };
  });
  return [plainRow(head, 'faint'), ...rows];
}

/** The first rows as a table of as many columns as there is room for. */
function sampleRows(sample: Answer['sample'], columns: number): StyledRow[] {
  const all = itemColumnsOf(sample).map((column) => ({ ...column, cells: Math.min(column.cells, 22) }));
  const shown = visibleColumnsFrom(all, 0, columns);
  const titles = Object.fromEntries(shown.map(({ field }) => [field, field]));
  const hidden = all.length - shown.length;
  return [
    plainRow(rowText(titles, shown), 'faint'),
    ...sample.map((item) => plainRow(rowText(item, shown))),
    ...(hidden === 0 ? [] : [plainRow(`and ${pluralize(hidden, 'more field')}`, 'faint')]),
  ];
}
