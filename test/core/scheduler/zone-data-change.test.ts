import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../src/core/schedule/parse-rule.ts';
import { findMovedOccurrence } from '../../../src/core/scheduler/zone-data-change.ts';
import { clockedHome } from '../../clocked-home.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BERLIN = 'Europe/Berlin';
const NINE = { type: 'daily', time: '09:00', timezone: BERLIN };

describe('an occurrence decided by other time zone data', () => {
  const at = (time: string) => Date.parse(`2026-11-25T${time}:00Z`);

  it.each([
    ['earlier than it is today comes again', NINE, '07:00', 2 * HOUR, '08:00'],
    ['later than it is today does not', NINE, '09:00', 0, undefined],
    ['at the same time does not', NINE, '08:00', HOUR, undefined],
    [
      'of a rule for elapsed time does not',
      { type: 'hourly', minute: 0, timezone: BERLIN },
      '07:30',
      90 * MINUTE,
      undefined,
    ],
    [
      'of a single date comes again',
      { type: 'once', date: '2026-11-25', time: '09:00', timezone: BERLIN },
      '07:00',
      2 * HOUR,
      '08:00',
    ],
  ])('%s', (_words, rule, decided, offset, expected) => {
    expect(findMovedOccurrence(parseRule(rule), at(decided), offset)).toBe(expected && at(expected));
  });
});

/** A job that ran at 07:00Z for 09:00, when the data said that Berlin was two hours ahead. */
async function decidedByOldData(rule: Record<string, unknown> = NINE) {
  const home = clockedHome('2026-11-25T07:30:00Z');
  await home.job('a', rule);
  const decided = Date.parse('2026-11-25T07:00:00Z');
  const { db } = home.workspace;
  db.run('UPDATE job_state SET watermark = ?, decided_at = ?, decided_offset = ?', [
    decided,
    decided,
    2 * HOUR,
  ]);
  db.run(`INSERT INTO facts (name, value) VALUES ('tz_version', '2024a')`);
  const file = join(home.workspace.paths.jobs, 'a.json');
  const json = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...json, next_run: '2026-11-26T07:00:00.000Z' }));
  return home;
}

describe('a scheduler with other time zone data than the last one', () => {
  it('does not repeat an occurrence that comes later by the new data, and says what has moved', async () => {
    const home = await decidedByOldData();
    home.begin();
    for (let minute = 0; minute < 24 * 60; minute += 1) home.clock.stall(MINUTE);
    expect(home.outcomes('a')).toEqual([]);
    expect(home.said.slice(0, 3)).toEqual([
      `time zone data 2024a → ${process.versions['tz']}`,
      'job a: the new time zone data move its last occurrence to a later time; it is not repeated',
      'next occurrences moved by the new time zone data: job a: 2026-11-26T07:00:00.000Z → 2026-11-26T08:00:00.000Z',
    ]);
    home.clock.stall(30 * MINUTE);
    expect(home.outcomes('a')).toEqual(['08:00:00 succeeded schedule']);
  });

  it('is reported once per version of the data', async () => {
    const home = await decidedByOldData();
    home.begin();
    home.crash();
    home.said.splice(0);
    home.begin();
    expect(home.said.filter((line) => /time zone data/.test(line))).toEqual([]);
  });

  it('keeps later edits', async () => {
    const home = await decidedByOldData();
    await home.workspace.jobs.update(
      'a',
      { schedule: { ...NINE, time: '09:00', type: 'daily', timezone: 'Europe/Paris' } },
      { by: 'library' },
    );
    home.begin();
    home.clock.stall(30 * MINUTE);
    expect(home.outcomes('a')).toEqual(['08:00:00 succeeded schedule']);
  });
});
