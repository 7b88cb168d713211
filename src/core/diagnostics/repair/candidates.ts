import { resolveFormatAlias } from '../../model/output-format.ts';

const TRUE = /^(?:true|yes|on)$/i;
const FALSE = /^(?:false|no|off)$/i;
const DURATION = /^(\d+(?:\.\d+)?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$/i;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Other spellings of a value: what it may have been meant as. Whether one is right is the field's to judge. */
export function candidates(value: unknown): unknown[] {
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.length === 0 ? [null] : [];
  if (typeof value !== 'string') return [];
  const text = value.trim();
  const found: unknown[] = [text, text.toLowerCase(), text.toLowerCase().replaceAll(/[\s-]/g, '_')];
  if (/^-?\d+(?:\.\d+)?$/.test(text)) found.push(Number(text));
  if (TRUE.test(text)) found.push(true);
  if (FALSE.test(text)) found.push(false);
  if (text === '' || /^(?:null|none)$/i.test(text)) found.push(null);
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  if (amount !== undefined) found.push(Number(amount) * (UNIT_SECONDS[unit.charAt(0).toLowerCase()] ?? 1));
  if (text !== '') found.push([text]);
  if (/^\.[a-z]+$/i.test(text)) found.push(resolveFormatAlias(text.slice(1).toLowerCase()));
  if (/^(?:json ?lines)$/i.test(text)) found.push('jsonl');
  return found;
}

/** The only one of the candidates that is right, as JSON tells them apart; `undefined` when there is none, or a choice. */
export function findUniqueCandidate(
  value: unknown,
  isRight: (value: unknown) => boolean,
): { value: unknown } | undefined {
  const right = new Map(
    candidates(value)
      .filter(isRight)
      .map((one) => [JSON.stringify(one), one]),
  );
  const [only] = right.values();
  return right.size === 1 ? { value: only } : undefined;
}

/** `9:00` → `09:00`, `9.30 pm` → `21:30`, `09:00:00` → `09:00`; `undefined` when it is no time of which we are sure. */
export function clockTime(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = /^\s*(\d{1,2})(?:[:.](\d{2})(?::00(?:\.0+)?)?)?\s*([ap])?\.?m?\.?\s*$/i.exec(value);
  if (!parts) return undefined;
  const half = parts[3]?.toLowerCase();
  if (half === undefined ? parts[2] === undefined || /m/i.test(value) : !/m/i.test(value)) return undefined;
  const [hour, minute] = [Number(parts[1]), Number(parts[2] ?? 0)];
  if (minute > 59 || hour > 23 || (half !== undefined && (hour < 1 || hour > 12))) return undefined;
  const hour24 = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  return `${String(hour24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** `2026/1/5` → `2026-01-05`: the year first, so that day and month cannot be mistaken. */
export function calendarDate(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*$/.exec(value) : null;
  return parts ? `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}` : undefined;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** `Mon`, `monday`, `"0"` → 0: the days of the field `day_of_week`, where Monday is 0. */
export function weekday(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (/^[0-6]$/.test(text)) return Number(text);
  const found = text.length >= 3 ? DAYS.findIndex((day) => day.startsWith(text.replace(/\.$/, ''))) : -1;
  return found < 0 ? undefined : found;
}

export function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : undefined;
}
