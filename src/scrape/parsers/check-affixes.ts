import { CURRENCY_AT_END, CURRENCY_AT_START } from './currency.ts';
import type { NumberText } from './parse-amount.ts';
import type { ParseResult } from './parse-result.ts';

/** Words that make another number of what stands before them. */
const MAGNITUDE =
  /^\s?(?:k|m|mn|mm|bn?|t|tn|tsd|mio|mrd|mln|mld|mil|lakhs?|lac|crores?|cr|thousand|(?:mi|bi|tri)ll?[io]\p{L}*|million\p{L}*|milliard\p{L}*|tausend|cent|cents|dozen)(?![\p{L}\p{N}])|^\s?[千万萬亿億兆만억]/iu;

/**
 * Looks at what stands around a number. A sign, a currency, a percent sign and words may; letters that touch it make
 * it something else (`A12`, `5th`, `12kg`), and so do `k`, `million` and the like.
 */
export function checkAffixes({ figures, before, after }: NumberText): ParseResult<NumberText> {
  const behind = after.replace(CURRENCY_AT_START, ' ').replace(/^\s?[%‰]/, ' ');
  if (MAGNITUDE.test(behind)) return { reason: 'says its number in words, in part' };
  if (/^[\p{L}\p{N}_]|^-\p{L}|^[.,'’/:]\d/u.test(behind)) return { reason: 'is no number' };
  const [, signed = before, innerSign = ''] = /^(.*?)([-+])\s?$/su.exec(before) ?? [];
  const front = signed.replace(CURRENCY_AT_END, ' ');
  const [, unsigned = front, outerSign = ''] = /^(.*?)([-+])\s*$/su.exec(front) ?? [];
  const rest = front === signed ? signed : unsigned;
  if (/[\p{L}\p{N}_.,'’/:]$/u.test(rest)) return { reason: 'is no number' };
  const negative = innerSign === '-' || (front !== signed && outerSign === '-');
  return { value: { figures, negative, before, after } };
}
