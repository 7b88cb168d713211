import { intlOffset } from '../../core/schedule/engine/intl-offset.ts';
import type { LocaleFacts } from './locale-facts.ts';

/** How far a clock is ahead of UTC: minutes, or the zone that says so for each date. */
export type ClockZone = number | string;

/** What stands behind a time: its zone, if any, and whether several countries have that name for theirs. */
export type ZoneResult = { zone: ClockZone | undefined } | { isShared: true };

/**
 * Abbreviations that mean one zone, in minutes ahead of UTC. The North American ones are those of RFC 822, section 5.1, but
 * `CST`.
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

/** Those that mean another zone in another country, by its region. */
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
 * Reads the zone that stands behind a time. An offset goes before a name. A word that is no name of a zone is none: the
 * time then has no zone, and is never taken for UTC.
 * @param mayBeRange whether `-12:00` may be the end of opening hours, as in `10:00-12:00`, and where they begin
 */
export function parseZone(
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
  // In small letters they are words: `est`, `met`.
  if (name !== name.toUpperCase() && name !== 'z') return { zone: undefined };
  return getZoneByName(name.toUpperCase(), locale?.region);
}

function getZoneByName(name: string, region = ''): ZoneResult {
  const regions = Object.hasOwn(BY_REGION, name) ? BY_REGION[name] : undefined;
  const zone = regions?.[region] ?? (Object.hasOwn(ABBREVIATIONS, name) ? ABBREVIATIONS[name] : undefined);
  return regions !== undefined && zone === undefined ? { isShared: true } : { zone };
}

/** Of `+08:00`, `-0330`, `+8`; undefined for what no clock is ahead by. */
function parseOffset(offset: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(offset) ?? [];
  const size = Number(hours) * 60 + Number(minutes);
  if (size > MAX_OFFSET_MINUTES || Number(minutes) % 15 !== 0) return undefined;
  return sign === '-' ? -size : size;
}

/**
 * A zone as ISO 8601 writes it, `Z` or `+08:00`.
 * @param wall the clock's own date and time, as if it were UTC, in epoch milliseconds
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
  return intlOffset(near, zone) / 60_000;
}
