/**
 * The independent oracle of the schedule tests: looks at the wall clock of every minute through Intl alone
 * and applies the rules of docs/reference/schedules.md literally.
 */
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Ten zones: changes of 30, 60 and 120 minutes, offsets of 30 and 45, gaps at and up to midnight, none. */
export const SCAN_ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Nuuk',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Antarctica/Troll',
] as const;

/** Eleven days of one zone, minute by minute; `walls[i]` is the wall clock as if UTC, epoch ms. */
export interface Window {
  zone: string;
  start: number;
  walls: number[];
  /** Index of the minute at which clocks change, or of the middle. */
  change: number;
}

export interface ScanRule {
  /** Whether the wall clock (as if UTC) matches. */
  matches(wall: Date): boolean;
  fixed: boolean;
}

const windows = new Map<string, Window[]>();

/** Around each change of the clocks in 2026, and around one month's end without a change. */
export function windowsOf(zone: string): Window[] {
  let found = windows.get(zone);
  if (found === undefined) {
    const middles = [Date.UTC(2026, 1, 28, 12), ...changesOf(zone, 2026)];
    found = middles.map((middle) => windowAt(zone, middle));
    windows.set(zone, found);
  }
  return found;
}

/** Every occurrence in the window, in order. */
export function scan(rule: ScanRule, { start, walls }: Window): number[] {
  const found: number[] = [];
  const seen = new Set<number>();
  walls.forEach((wall, index) => {
    const at = start + index * MINUTE;
    const previous = walls[index - 1] ?? wall - MINUTE;
    let due = rule.matches(new Date(wall)) && !(rule.fixed && seen.has(wall));
    for (let missing = previous + MINUTE; rule.fixed && missing < wall; missing += MINUTE) {
      due ||= rule.matches(new Date(missing));
    }
    seen.add(wall);
    if (due) found.push(at);
  });
  return found;
}

function windowAt(zone: string, middle: number): Window {
  const start = Math.floor(middle / MINUTE) * MINUTE - 5 * DAY;
  const clock = clockOf(zone);
  const walls = Array.from({ length: 11 * 1440 }, (_, index) => clock(start + index * MINUTE));
  return { zone, start, walls, change: 5 * 1440 };
}

function changesOf(zone: string, year: number): number[] {
  const clock = clockOf(zone);
  const changes: number[] = [];
  const end = Date.UTC(year + 1, 0, 1);
  for (let at = Date.UTC(year, 0, 1); at < end; at += 60 * MINUTE) {
    if (clock(at + 60 * MINUTE) - clock(at) === 60 * MINUTE) continue;
    let minute = at;
    while (clock(minute + MINUTE) - clock(minute) === MINUTE) minute += MINUTE;
    changes.push(minute + MINUTE);
  }
  return changes;
}

function clockOf(timezone: string): (at: number) => number {
  // 'sv-SE' writes "2026-03-29 02:30:00".
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (at) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`);
}
