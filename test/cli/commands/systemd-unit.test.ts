import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schedulerUnitFile, workerUnitFile } from '../../../src/cli/commands/systemd-unit.ts';
import { tempFolder } from '../../temp-folder.ts';

const ARGV = [process.execPath, '/opt/q/cli.js', 'scheduler', 'run', '--home', '/srv/q'];

const UNITS = {
  'the unit of a user’s scheduler': schedulerUnitFile({
    argv: ARGV,
    isSystem: false,
    user: undefined,
    writable: ['/srv/q'],
  }),
  'the unit of a machine’s scheduler': schedulerUnitFile({
    argv: ARGV,
    isSystem: true,
    user: 'daemon',
    writable: ['/srv/q', '/srv/exports'],
  }),
  'the unit of a worker': workerUnitFile({
    argv: [process.execPath, '/opt/q/cli.js', 'worker', 'start', '--dir', '/var/lib/quickscrape-worker'],
    user: undefined,
    writable: ['/var/lib/quickscrape-worker'],
    joinFile: '/etc/quickscrape/join',
    passwordFile: '/etc/quickscrape/redis-password',
    stateFolder: 'quickscrape-worker',
  }),
};

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasSystemd)('systemd', () => {
  it.each(Object.entries(UNITS))('finds nothing wrong with %s', (name, text) => {
    const file = join(tempFolder(), 'quickscrape-test.service');
    writeFileSync(file, text);
    const { stderr, status } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...(name.includes('user’s') ? ['--user'] : []), file],
      { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: tempFolder() } },
    );
    // Others of the machine may be wrong.
    expect(stderr.split('\n').filter((line) => line.includes('quickscrape'))).toEqual([]);
    expect(status).toBe(0);
  });

  it.each([
    ['the unit of a user’s scheduler', 71],
    ['the unit of a machine’s scheduler', 25],
    ['the unit of a worker', 25],
  ] as const)('rates the exposure of %s with at most %i tenths', (name, tenths) => {
    const file = join(tempFolder(), 'quickscrape-test.service');
    writeFileSync(file, UNITS[name]);
    execFileSync('systemd-analyze', ['security', '--offline=yes', `--threshold=${tenths}`, file], {
      stdio: 'pipe',
    });
  });
});

it.each(Object.entries(UNITS))('%s leaves V8 and the sandbox of Chromium what they need', (_, text) => {
  expect(text).not.toMatch(/^(MemoryDenyWriteExecute|ProcSubset)=/m);
  expect(text).toContain('\nRestrictNamespaces=user pid net\n');
  expect(text).toMatch(/^SystemCallFilter=.*\bchroot\b/m);
});

it('a user’s unit asks for nothing that needs a user namespace', () => {
  expect(UNITS['the unit of a user’s scheduler']).not.toMatch(
    /^(Protect\w+|Private\w+|ReadWritePaths|CapabilityBoundingSet|User)=/m,
  );
});

it('a user that systemd makes has a home folder, without which no browser is found', () => {
  expect(UNITS['the unit of a worker']).toContain('\nEnvironment=HOME=/var/lib/quickscrape-worker\n');
});

it('hides homes of people only from a program that is not in one', () => {
  const unit = (home: string) =>
    schedulerUnitFile({ argv: ['/usr/bin/q'], isSystem: true, user: 'q', writable: [home] });
  expect(unit('/srv/q')).toContain('\nProtectHome=yes\n');
  expect(unit('/home/q/.quickscrape')).toContain('\nProtectHome=read-only\n');
});

it('quotes what systemd would read otherwise', () => {
  const unit = schedulerUnitFile({
    argv: ['/opt/a "b" 50%/$q'],
    isSystem: true,
    user: 'q',
    writable: ['/srv/a \\"b" 50%'],
  });
  expect(unit).toContain('\nExecStart="/opt/a \\"b\\" 50%%/$$q"\n');
  expect(unit).toContain('\nReadWritePaths="/srv/a \\\\\\"b\\" 50%%"\n');
});
