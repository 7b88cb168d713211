import { type ClockZone, parseZone } from './clock-zone.ts';
import type { LocaleFacts } from './locale-facts.ts';

/** What a clock shows, as written: figures not yet looked at. */
export interface ClockTime {
  hour: number;
  minute: number;
  second: number;
  zone?: ClockZone | undefined;
}

export type ClockResult = { time: ClockTime | undefined } | { problem: 'invalid' | 'zone' };

const AM_PM = '[ap]\\.?\\s?m\\b\\.?';
const EAST_ASIAN_AM_PM = '(?:上午|下午|午前|午後|오전|오후|\\b[ap]m\\b)';
const CLOCK =
  `(?:(?<east>${EAST_ASIAN_AM_PM})\\s?)?(?<hour>\\d{1,2})(?:` +
  `[:.h](?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,]\\d{1,9})?)?(?!\\d)(?:\\s?(?<half>${AM_PM}))?` +
  `|\\s?(?<bareHalf>${AM_PM})` +
  '|\\s?(?<bareHour>Uhr\\b|h\\b)' +
  '|\\s?[時时点點시](?:\\s?(?<eastMinute>\\d{1,2})\\s?[分분])?(?:\\s?(?<eastSecond>\\d{1,2})\\s?[秒초])?' +
  ')';
/** Words that lead from a date to its time. */
const AT =
  'at(?: about| around)?|um|à|a las?|às|as|alle(?: ore)?|ore|om|kl\\.?|klo|o|o godz\\.?|godz\\.?|v|ve|в|saat|pukul|ora';
const AFTER_DATE = new RegExp(
  `^(?:T|\\s?\\((?:\\p{L}{1,12})\\.?\\))?[\\s,;·•|@/–—-]*(?:(?:${AT})\\s+)?(?:${CLOCK})`,
  'iu',
);
/** Elsewhere in the text a time is what can be nothing else. */
const ANYWHERE = new RegExp(`(?<![\\p{L}\\d.,:/+-])(?:${CLOCK})(?![\\d:])`, 'giu');
const DURATION = /^\s?(?:min|sec|std|hours?|hrs?|stunden?|minut|heures?|horas?|ore)\b/iu;

/** The time behind a date: `, 3:45 PM EST`. @param behind what follows the date */
export function parseTimeAfter(behind: string, locale: LocaleFacts | undefined, isIso: boolean): ClockResult {
  const found = AFTER_DATE.exec(behind);
  if (found?.groups === undefined) return { time: undefined };
  const [whole] = found;
  const rest = behind.slice(whole.length);
  if (isDuration(whole, rest)) return { time: undefined };
  const result = toClockTime(found.groups, rest, locale, isIso);
  // Behind a dot or a stroke stands what is another thing on many pages: how long a film is.
  const isApart = /^[\s]*[;·•|/–—]/.test(whole);
  return isApart && 'problem' in result && result.problem === 'invalid' ? { time: undefined } : result;
}

/** A price (`12.50 €`), or a duration. */
function isDuration(whole: string, rest: string): boolean {
  return (
    (/\d\.\d\d$/.test(whole) && /^\s?[\p{Sc}%]/u.test(rest)) ||
    (!whole.startsWith('T') && DURATION.test(rest))
  );
}

/**
 * The one time in a text, wherever it stands: `3:45 PM, 25 November 2026`. Of several there is none, and a duration is none.
 * @param text without the date
 */
export function findTime(text: string, locale: LocaleFacts | undefined): ClockResult {
  const found = [...text.matchAll(ANYWHERE)].filter(({ 0: whole, index, groups }) => {
    // `15.45` is a price as well, and `5 h` a duration.
    const isCertain = /:/.test(whole) || groups?.['half'] !== undefined || groups?.['bareHour'] === undefined;
    const isDotted = /^\d{1,2}\.\d\d$/.test(whole);
    return isCertain && !isDotted && !DURATION.test(text.slice(index + whole.length));
  });
  const [only, ...others] = found;
  if (only?.groups === undefined || others.length > 0) return { time: undefined };
  const result = toClockTime(only.groups, text.slice(only.index + only[0].length), locale, false);
  // What no clock shows is something else here.
  return 'problem' in result && result.problem === 'invalid' ? { time: undefined } : result;
}

type Groups = Readonly<Record<string, string | undefined>>;

function toClockTime(
  groups: Groups,
  behind: string,
  locale: LocaleFacts | undefined,
  isIso: boolean,
): ClockResult {
  const minute = Number(groups['minute'] ?? groups['eastMinute'] ?? 0);
  const second = Number(groups['second'] ?? groups['eastSecond'] ?? 0);
  const hour = toHour(Number(groups['hour']), groups);
  if (hour === undefined || hour > 23 || minute > 59 || second > 59) return { problem: 'invalid' };
  const mayBeRange = !isIso && groups['second'] === undefined ? { from: hour * 60 + minute } : undefined;
  const result = parseZone(behind.replace(/^\s?(?:Uhr\b|h\b|hrs?\b)/i, ''), locale, mayBeRange);
  if ('isShared' in result) return { problem: 'zone' };
  return { time: { hour, minute, second, zone: result.zone } };
}

function toHour(hour: number, { half, bareHalf, east }: Groups): number | undefined {
  const named = half ?? bareHalf;
  const isAfternoon = east === undefined ? /^p/i.test(named ?? '') : /下|後|후|p/i.test(east);
  if (named === undefined && east === undefined) return hour;
  if (named !== undefined && (hour < 1 || hour > 12)) return undefined;
  if (hour > 12) return hour;
  return (hour % 12) + (isAfternoon ? 12 : 0);
}
