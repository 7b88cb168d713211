import { describe, expect, it } from 'vitest';
import { zoneOffset } from '../../../src/core/schedule/engine/instant.ts';
import type { OffsetAt } from '../../../src/core/schedule/engine/zone-offsets.ts';
import { describeWrongZone } from '../../../src/core/schedule/schedule-warnings.ts';
import { wrongZone, wrongZones, ZONE_FACTS, zoneDataVersion } from '../../../src/core/schedule/zone-data.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-25T12:00Z');

/** Clocks that show a fixed offset in one zone, in hours, and Node's in all others. */
function clocksWith(zone: string, hours: (at: number) => number): OffsetAt {
  return (at, name) => (name === zone ? hours(at) * HOUR : zoneOffset(at, name));
}

const isWinter = (at: number) =>
  (at >= Date.parse('2026-11-01T09:00Z') && at < Date.parse('2027-03-14T10:00Z')) ||
  (at >= Date.parse('2027-11-07T09:00Z') && at < Date.parse('2028-03-12T10:00Z'));

/** British Columbia as data from before 2026b have it, and as it is. */
const old = clocksWith('America/Vancouver', (at) => (isWinter(at) ? -8 : -7));
const right = clocksWith('America/Vancouver', () => -7);

describe('wrongZones', () => {
  it('finds each zone wrong exactly when this Node has older data than the release that corrected it', () => {
    const wrong = wrongZones(NOW).map(({ zone }) => zone);
    const expected = ZONE_FACTS.filter(({ release }) => zoneDataVersion() < release);
    expect(wrong).toEqual(expected.flatMap(({ zones }) => zones));
    expect(zoneDataVersion()).toBe(process.versions['tz']);
  });

  it('asks the clocks and not the version: data that are right are not called wrong', () => {
    expect(wrongZone('America/Vancouver', NOW, right)).toBeUndefined();
    expect(wrongZone('America/Vancouver', NOW, old)).toMatchObject({ release: '2026b' });
    expect(wrongZone('Europe/Berlin', NOW, old)).toBeUndefined();
  });

  it('says when the clocks are wrong and by how much', () => {
    expect(wrongZone('America/Vancouver', NOW, old)?.spans).toEqual([
      { from: NOW, to: Date.parse('2027-03-14T10:00Z'), truth: -7 * HOUR, here: -8 * HOUR },
      {
        from: Date.parse('2027-11-07T09:00Z'),
        to: Date.parse('2028-03-12T10:00Z'),
        truth: -7 * HOUR,
        here: -8 * HOUR,
      },
    ]);
  });

  it('forgets an expired fact', () => {
    const summer = clocksWith('America/Havana', () => -5);
    expect(wrongZone('America/Havana', NOW, summer)?.spans).toHaveLength(1);
    expect(wrongZone('America/Havana', Date.parse('2027-12-01T00:00Z'), summer)).toBeUndefined();
  });
});

describe('wrongZoneWords', () => {
  function words(zone: string, now: string, offsetAt: OffsetAt) {
    const wrong = wrongZone(zone, Date.parse(now), offsetAt);
    return wrong && describeWrongZone(wrong, Date.parse(now));
  }

  it('says which way the times are off, until when, and the cure', () => {
    const node = `Node.js ${process.version} (time zone data ${zoneDataVersion()})`;
    expect(words('America/Vancouver', '2026-11-25T12:00Z', old)).toBe(
      `America/Vancouver stays at UTC-07:00 all year; ${node} does not know it: its times are one hour late now, ` +
        'until 2027-03-14, and again from 2027-11-07. A Node.js with time zone data 2026b or later fixes it.',
    );
    expect(words('America/Vancouver', '2027-05-01T12:00Z', old)).toContain(
      'its times are one hour late from 2027-11-07 to 2028-03-12.',
    );
    const ahead = clocksWith('Africa/Casablanca', () => 1);
    expect(words('Africa/Casablanca', '2026-11-25T12:00Z', ahead)).toContain(
      'its times are one hour early from now on.',
    );
  });

  it('says when only the hour around a change of clocks is wrong', () => {
    const early = clocksWith('Europe/Chisinau', (at) => zoneOffset(at + HOUR, 'Europe/Athens') / HOUR);
    expect(words('Europe/Chisinau', '2026-11-25T12:00Z', early)).toContain(
      'its times are one hour early on 2027-03-28, around the clock change.',
    );
  });
});
