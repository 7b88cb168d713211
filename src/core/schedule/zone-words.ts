import { firstFew } from '../first-few.ts';
import { type WrongSpan, type WrongZone, wrongZone, zoneDataVersion } from './zone-data.ts';

const DAY = 86_400_000;

/**
 * What a person must know of a zone that Node has wrong: when its times are off, by how much and which way, and the
 * cure.
 * @param now epoch milliseconds
 */
export function wrongZoneWords({ zone, release, what, spans }: WrongZone, now: number): string {
  return (
    `${zone} ${what}; Node.js ${process.version} (time zone data ${zoneDataVersion()}) does not know it: ` +
    `${spansWords(spans, now)}. A Node.js with time zone data ${release} or later mends it.`
  );
}

/** The warning that everything said of times in `zone` needs: none, or one. */
export function zoneWarnings(zone: string, now: number): string[] {
  const wrong = wrongZone(zone, now);
  return wrong === undefined ? [] : [wrongZoneWords(wrong, now)];
}

/** The same for many jobs: one warning a zone, naming the first of its jobs. */
export function jobZoneWarnings(jobs: readonly { jobId: string; timezone: string }[], now: number): string[] {
  const byZone = new Map<string, string[]>();
  for (const { jobId, timezone } of jobs) {
    const ids = byZone.get(timezone);
    if (ids) ids.push(jobId);
    else byZone.set(timezone, [jobId]);
  }
  return [...byZone].flatMap(([zone, ids]) => {
    const who = `${ids.length === 1 ? 'job' : 'jobs'} ${firstFew(ids)}`;
    return zoneWarnings(zone, now).map((warning) => `${who}: ${warning}`);
  });
}

function spansWords(spans: readonly WrongSpan[], now: number): string {
  const [first, second] = spans;
  if (first === undefined) return '';
  const { from, to } = first;
  if (to !== null && to - from < DAY)
    return `${timesWords(first)} on ${day(from)}, around the change of clocks`;
  const when =
    from > now
      ? `from ${day(from)}${to === null ? '' : ` to ${day(to)}`}`
      : to === null
        ? 'from now on'
        : `now, until ${day(to)}`;
  const again = second === undefined ? '' : `, and again from ${day(second.from)}`;
  return `${timesWords(first)} ${when}${again}`;
}

function timesWords({ truth, here }: WrongSpan): string {
  const minutes = Math.abs(truth - here) / 60_000;
  const size =
    minutes === 60 ? 'one hour' : minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
  // A clock that is thought to be behind reaches the time of a run too late.
  return `its times are ${size} ${here < truth ? 'late' : 'early'}`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
