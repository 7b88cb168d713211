import { parseCertainNumber } from '../../../core/lib/certain-number.ts';
import type { PlainValue } from '../output-columns.ts';

/** A cell that holds a number, and shows the text that it was made of. */
export interface MoneyCell {
  value: number;
  /** A number format of Excel: `"£"#,##0.00`. */
  format: string;
}

/**
 * An amount with what stands around it, which is short, so that prose fails at its first characters. A sign inside the
 * currency (`£-5`) would need a format of its own.
 */
const AMOUNT =
  /^(?<minus>-?)(?<before>[^\d\-−]{0,6})(?<figures>\d(?:[\d.,'’ \u00a0\u202f]*\d)?)(?<after>[^\d\-−]{0,6})$/u;
/** Groups of three digits with one kind of separator, or none, then decimals. */
const FIGURES =
  /^(?<whole>\d+|\d{1,3}(?<mark>[.,'’ \u00a0\u202f])\d{3}(?:\k<mark>\d{3})*)(?:[.,](?<decimals>\d+))?$/u;

/** From here on, digits with and without groups look different. */
const FIRST_GROUPED = 1_000;

/**
 * Returns the number and the format for a text that is an amount with its currency, and nothing else: `£1,066.06`,
 * `12,50 €`. Which texts can only be that number is the rule of the items' figures ({@link parseCertainNumber}). Digits,
 * groups, decimals, minus and currency are shown as they stand; the separators are those of the reader's spreadsheet,
 * as for every number of a sheet.
 * @returns `undefined` for a text that no number with a format shows
 */
export function toMoneyCell(text: string): MoneyCell | undefined {
  const { minus, before = '', figures = '', after = '' } = AMOUNT.exec(text)?.groups ?? {};
  const around = (before + after).trim();
  // A number without a currency may be a code, such as that of an article.
  if (around === '' || around === '%' || text !== text.trim()) return undefined;
  const value = parseCertainNumber(text);
  const parts = FIGURES.exec(figures)?.groups;
  if (value === undefined || parts === undefined || (minus && value === 0)) return undefined;
  const { mark, decimals = '' } = parts;
  const whole = mark !== undefined || Math.abs(value) < FIRST_GROUPED ? '#,##0' : '0';
  const fraction = decimals === '' ? '' : `.${'0'.repeat(decimals.length)}`;
  return { value, format: `${toLiteral(before)}${whole}${fraction}${toLiteral(after)}` };
}

function toLiteral(text: string): string {
  return text === '' ? '' : `"${text}"`;
}

/** Excel has room for some 200 formats of one's own; texts that need further ones stay texts. */
const MAX_FORMATS = 100;

/** Collects the formats of the amounts in texts. */
export class MoneyFormats {
  readonly #formats = new Set<string>();

  note(value: PlainValue): void {
    if (typeof value !== 'string' || this.#formats.size >= MAX_FORMATS) return;
    const cell = toMoneyCell(value);
    if (cell !== undefined) this.#formats.add(cell.format);
  }

  /** In the order in which they were found. */
  list(): readonly string[] {
    return [...this.#formats];
  }
}
