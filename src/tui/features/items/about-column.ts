import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { wrapParts } from '../../ui/text/fit.ts';
import { numberOf } from './columns-table.ts';
import { formatNumber } from './describe-position.ts';
import { formatShare } from './missing-values.ts';

/** More lines about the selector would leave the values no room. */
const MAX_SOURCE_LINES = 2;

type Dialog = Pick<DialogOf<'item_values'>, 'frequency' | 'source' | 'problem'>;

/** The lines above the values of a column: what it holds, the figures of its numbers, and where the run has it from. */
export function aboutColumn({ frequency, source, problem }: Dialog, columns: number): string[] {
  if (problem !== undefined) return wrapParts([sanitizeText(problem)], columns);
  if (frequency === undefined) return ['Counting…'];
  return [
    ...wrapParts(describeHeld(frequency), columns),
    ...wrapParts(describeNumbers(frequency), columns),
    ...fewLines(source === undefined ? [] : wrapParts(describeSource(source), columns), columns),
  ];
}

/** `number · 905 values in 997 items · 99 % filled, 3 without a value` */
function describeHeld({ type, rows, filled, distinct, isCut }: NonNullable<Dialog['frequency']>): string[] {
  const different = `${isCut ? 'more than ' : ''}${pluralize(distinct, 'value')} in ${pluralize(rows, 'item')}`;
  const empty = rows - filled;
  const without = empty === 0 ? '' : `, ${formatNumber(empty)} without a value`;
  return [type, different, `${formatShare(filled, rows)} filled${without}`];
}

function describeNumbers(frequency: NonNullable<Dialog['frequency']>): string[] {
  const figures = [
    ['lowest', 'min'],
    ['median', 'median'],
    ['mean', 'mean'],
    ['highest', 'max'],
    ['sum', 'sum'],
  ] as const;
  return figures.flatMap(([word, name]) => {
    const text = numberOf(name)(frequency);
    return text === '' ? [] : [`${word} ${text}`];
  });
}

/** `selector .price_color (now .amount) · type price` */
function describeSource({ selector, selectorNow, details }: NonNullable<Dialog['source']>): string[] {
  const now = selectorNow === undefined ? '' : ` (now ${sanitizeText(selectorNow)})`;
  const from = selector === undefined ? [] : [`selector ${sanitizeText(selector)}${now}`];
  return [...from, ...details.map((detail) => sanitizeText(detail))];
}

function fewLines(lines: readonly string[], columns: number): string[] {
  if (lines.length <= MAX_SOURCE_LINES) return [...lines];
  const kept = lines.slice(0, MAX_SOURCE_LINES - 1);
  return [...kept, truncateToWidth(lines.slice(MAX_SOURCE_LINES - 1).join(' · '), columns)];
}
