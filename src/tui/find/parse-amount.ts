import { type AmountField, isTimeField } from './filter.ts';

const UNITS: Readonly<Record<string, number>> = {
  ...{ s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
};

/** The value that stands behind a comparison: milliseconds for a time, else a number; or what is wrong with it. */
export function parseAmount(field: AmountField, text: string): number | string {
  return isTimeField(field) ? parseTime(field, text) : parseNumber(field, text);
}

function parseTime(field: AmountField, text: string): number | string {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-z]*)/gi)];
  const whole = parts.map(([part]) => part).join('');
  const times = parts.map(
    ([, count, unit = '']) => Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN),
  );
  const time = times.reduce((sum, each) => sum + each, 0);
  if (whole === text && text !== '' && Number.isFinite(time)) return time;
  return /^\d+(?:\.\d+)?$/.test(text)
    ? `${text} what? ${field} takes a time such as ${text}m: s, m, h, d or w`
    : `${field} takes a time such as 90s, 10m, 1h30m, 2d or 1w`;
}

function parseNumber(field: AmountField, text: string): number | string {
  const [, sign = '', digits, thousand] = /^([+-]?)(\d+(?:\.\d+)?)(k?)$/i.exec(text) ?? [];
  if (digits === undefined) return `${field} takes a number such as ${field === 'change' ? '-10' : '100'}`;
  return Number(digits) * (thousand ? 1000 : 1) * (sign === '-' ? -1 : 1);
}
