import { MINUTE_MS } from '../../core/lib/clock.ts';
import { intlOffset } from '../../core/schedule/engine/zone-offsets.ts';
import type { LocaleFacts } from './locale-facts.ts';

/** The offset of a clock from UTC: minutes, or the zone that determines it for each date. */
type ClockZone = number | string;

/** The zone after a time, if any; or that several countries share its name. */
type ZoneResult = { zone: ClockZone | undefined } | { isShared: true };

/**
 * Abbreviations that mean one zone, in minutes ahead of UTC. The North American ones are those of RFC 822, section 5.1,
 * except `CST`.
 */
const ABBREVIATIONS: Readonly<Record<string, ClockZone>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  WESZ: 60,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
  EET: 120,
  OEZ: 120,
  SAST: 120,
  CAT: 120,
  EEST: 180,
  OESZ: 180,
  MSK: 180,
  EAT: 180,
  PKT: 300,
  NPT: 345,
  ICT: 420,
  WIB: 420,
  WITA: 480,
  SGT: 480,
  HKT: 480,
  PHT: 480,
  AWST: 480,
  WIT: 540,
  JST: 540,
  KST: 540,
  ACST: 570,
  AEST: 600,
  ACDT: 630,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  BRT: -180,
  ART: -180,
  NST: -210,
  EDT: -240,
  EST: -300,
  CDT: -300,
  MDT: -360,
  MST: -420,
  PDT: -420,
  PST: -480,
  AKDT: -480,
  AKST: -540,
  HST: -600,
  ET: 'America/New_York',
  CT: 'America/Chicago',
  MT: 'America/Denver',
  PT: 'America/Los_Angeles',
};

/** Abbreviations that mean different zones in different countries, by region. */
const BY_REGION: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CST: { US: -360, CA: -360, MX: -360, CN: 480, TW: 480, CU: -300 },
  IST: { IN: 330, IE: 60, IL: 120 },
  BST: { GB: 60, BD: 360 },
  AST: { CA: -240, US: -240, SA: 180, KW: 180, IQ: 180 },
  ADT: { CA: -180, US: -180 },
  AMT: { BR: -240, AM: 240 },
  GST: { AE: 240, OM: 240, GS: -120 },
  SST: { US: -660, WS: -660, SG: 480 },
  WST: { AU: 480, WS: 780 },
  ECT: { EC: -300 },
  EST: { AU: 600 },
  EDT: { AU: 660 },
  PST: { PH: 480 },
};

// `GMT+0800 (CST)`, `UTC+8`, `CST (UTC+8)`.
const NAMED_OFFSET =
  /^\s?\(?(?:(?:[A-Z]{2,5}[\s(]{0,2})?(?:UTC|GMT)|[A-Z]{2,5})\s?([+-]\d{1,2}(?::?\d\d)?)(?![\d:.])/;
const OFFSET = /^(?:\s?\(?([+-]\d\d:?\d\d)|([+-]\d\d))(?![\d:.])/;
const NAME = /^\s?\(?([A-Za-z]{1,5})(?!\p{L})/u;
const MAX_OFFSET_MINUTES = 14 * 60;

/**
 * Parses the zone after a time. An offset takes precedence over a name. A word that is not a zone's name is ignored:
 * the time then has no zone and is never assumed to be UTC.
 * @param mayBeRange if set, `-12:00` may be the end of opening hours (`10:00-12:00`); `from` is their start in minutes
 */
function parseZone(
  behind: string,
  locale: LocaleFacts | undefined,
  mayBeRange: { from: number } | undefined,
): ZoneResult {
  const named = NAMED_OFFSET.exec(behind)?.[1];
  if (named !== undefined) return { zone: parseOffset(named) };
  const bare = OFFSET.exec(behind);
  if (bare !== null) {
    const minutes = parseOffset(bare[1] ?? bare[2] ?? '');
    const isRange = mayBeRange !== undefined && minutes !== undefined && -minutes > mayBeRange.from;
    if (minutes !== undefined) return { zone: isRange ? undefined : minutes };
  }
  const name = NAME.exec(behind)?.[1] ?? '';
  // Lower-case names are ordinary words: `est`, `met`.
  if (name !== name.toUpperCase() && name !== 'z') return { zone: undefined };
  return getZoneByName(name.toUpperCase(), locale?.region);
}

function getZoneByName(name: string, region = ''): ZoneResult {
  const regions = Object.hasOwn(BY_REGION, name) ? BY_REGION[name] : undefined;
  const zone = regions?.[region] ?? (Object.hasOwn(ABBREVIATIONS, name) ? ABBREVIATIONS[name] : undefined);
  return regions !== undefined && zone === undefined ? { isShared: true } : { zone };
}

/** Parses `+08:00`, `-0330`, `+8`; returns undefined for an offset that no zone has. */
function parseOffset(offset: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(offset) ?? [];
  const size = Number(hours) * 60 + Number(minutes);
  if (size > MAX_OFFSET_MINUTES || Number(minutes) % 15 !== 0) return undefined;
  return sign === '-' ? -size : size;
}

/**
 * Formats a zone as in ISO 8601, `Z` or `+08:00`.
 * @param wall the local date and time, as if it were UTC, in epoch milliseconds
 */
export function formatIsoOffset(zone: ClockZone, wall: number): string {
  const minutes = typeof zone === 'number' ? zone : getOffsetAt(wall, zone);
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  const [hh, mm] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${hh}:${mm}`;
}

function getOffsetAt(wall: number, zone: string): number {
  const near = wall - intlOffset(wall, zone);
  return intlOffset(near, zone) / MINUTE_MS;
}

/** A time as written; its zone is not resolved yet. */
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
/** Words between a date and its time. */
const AT =
  'at(?: about| around)?|um|à|a las?|às|as|alle(?: ore)?|ore|om|kl\\.?|klo|o|o godz\\.?|godz\\.?|v|ve|в|saat|pukul|ora';
const AFTER_DATE = new RegExp(
  `^(?:T|\\s?\\((?:\\p{L}{1,12})\\.?\\))?[\\s,;·•|@/–—-]*(?:(?:${AT})\\s+)?(?:${CLOCK})`,
  'iu',
);
/** Elsewhere in the text, only unambiguous forms count as a time. */
const ANYWHERE = new RegExp(`(?<![\\p{L}\\d.,:/+-])(?:${CLOCK})(?![\\d:])`, 'giu');
const DURATION = /^\s?(?:min|sec|std|hours?|hrs?|stunden?|minut|heures?|horas?|ore)\b/iu;

/** Parses the time after a date: `, 3:45 PM EST`. @param behind the text after the date */
export function parseTimeAfter(behind: string, locale: LocaleFacts | undefined, isIso: boolean): ClockResult {
  const found = AFTER_DATE.exec(behind);
  if (found?.groups === undefined) return { time: undefined };
  const [whole] = found;
  const rest = behind.slice(whole.length);
  if (isDuration(whole, rest)) return { time: undefined };
  const result = toClockTime(found.groups, rest, locale, isIso);
  // After a dot or a dash, many pages show something else, such as the length of a film.
  const isApart = /^[\s]*[;·•|/–—]/.test(whole);
  return isApart && 'problem' in result && result.problem === 'invalid' ? { time: undefined } : result;
}

/** Whether the match is a price (`12.50 €`) or a duration. */
function isDuration(whole: string, rest: string): boolean {
  return (
    (/\d\.\d\d$/.test(whole) && /^\s?[\p{Sc}%]/u.test(rest)) ||
    (!whole.startsWith('T') && DURATION.test(rest))
  );
}

/**
 * Finds the only time in a text, at any place: `3:45 PM, 25 November 2026`. Several times yield none. Durations are
 * ignored.
 * @param text without the date
 */
export function findTime(text: string, locale: LocaleFacts | undefined): ClockResult {
  const found = [...text.matchAll(ANYWHERE)].filter(({ 0: whole, index, groups }) => {
    // `15.45` can be a price, and `5 h` a duration.
    const isCertain = /:/.test(whole) || groups?.['half'] !== undefined || groups?.['bareHour'] === undefined;
    const isDotted = /^\d{1,2}\.\d\d$/.test(whole);
    return isCertain && !isDotted && !DURATION.test(text.slice(index + whole.length));
  });
  const [only, ...others] = found;
  if (only?.groups === undefined || others.length > 0) return { time: undefined };
  const result = toClockTime(only.groups, text.slice(only.index + only[0].length), locale, false);
  // A value that no clock shows is not a time.
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
