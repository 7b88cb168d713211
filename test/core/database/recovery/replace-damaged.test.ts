import { existsSync, linkSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileInstant } from '../../../../src/core/database/backup.ts';
import { fullHome, open, overwrite, PAGE } from './damaged-home.ts';

const NOISE = Buffer.alloc(PAGE, 0xa5);

describe('a replacement whose process died over it', () => {
  it.each(['before the old WAL was moved', 'after the old WAL was moved', 'before the old file was linked'])(
    '%s is ended by whoever opens the database next',
    async (when) => {
      const home = await fullHome(2, 3);
      const { database } = home;
      const whole = readFileSync(database);
      overwrite(database, PAGE, NOISE);
      const damaged = readFileSync(database);
      writeFileSync(`${database}.rescued`, whole, { mode: 0o600 });
      utimesSync(`${database}.rescued`, 1_790_000_000, 1_790_000_000);
      const kept = `${database}.corrupt-${fileInstant(1_790_000_000_000)}`;
      if (when !== 'before the old file was linked') linkSync(database, kept);
      const wal = when === 'after the old WAL was moved' ? `${kept}-wal` : `${database}-wal`;
      writeFileSync(wal, 'the WAL of the damaged one');
      const workspace = open(home.home);
      expect(workspace.runs.list().runs).toHaveLength(6);
      expect(readFileSync(kept)).toEqual(damaged);
      expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('the WAL of the damaged one');
      expect(existsSync(`${database}.rescued`)).toBe(false);
    },
  );
});
