import { describe, expect, it } from 'vitest';
import {
  checkDisk,
  checkHome,
  checkPermissions,
  type Entry,
} from '../../../../../src/core/diagnostics/doctor/checks/check-home.ts';
import {
  checkClock,
  checkLimits,
  checkProgram,
  checkTimezones,
} from '../../../../../src/core/diagnostics/doctor/checks/check-runtime.ts';
import { findMount } from '../../../../../src/core/fs/mounts.ts';
import { QuickscrapeError } from '../../../../../src/core/lib/errors.ts';
import { decideInstallation } from '../../../../../src/core/lib/installation.ts';
import { openFilesLimit } from '../../../../../src/core/process/system-facts.ts';
import { expectFinding, HOUR, MIB, NOW } from '../expect-finding.ts';

describe('program', () => {
  const installation = decideInstallation({
    folder: '/usr/lib/quickscrape-jobs',
    installedFrom: 'deb',
    hasGit: false,
    besideNodeModules: new Set(),
    npxPackage: undefined,
    execPath: '/usr/bin/node',
  });
  const missing = new QuickscrapeError('store_unavailable', 'no SQLite', { hint: 'install it' });
  const good = { version: '1.0.0', nodeVersion: '20.19.0', installation, libsqlError: undefined };
  it.each([
    [{}, 'ok', /version 1\.0\.0 on Node 20\.19\.0/],
    [{ nodeVersion: '24.1.0' }, 'ok', /Node 24/],
    [{}, 'ok', /installed as a Debian package; SQLite loads/],
    [{ libsqlError: missing }, 'problem', /no SQLite/],
  ] as const)('%o is %s', (facts, status, message) =>
    expectFinding(checkProgram({ ...good, ...facts }), status, message),
  );
});

describe('home', () => {
  const good = {
    home: '/h',
    kind: 'folder',
    writable: true,
    readOnlyDisk: false,
    empty: false,
    missing: [],
    mount: { type: 'ext4', at: '/' },
  } as const;
  it.each([
    [{}, 'ok', /is there, on ext4/],
    [{ mount: undefined }, 'ok', /is there/],
    [{ kind: 'missing' }, 'warning', /no home folder yet/],
    [{ kind: 'other' }, 'problem', /is a file/],
    [{ kind: 'unreadable', error: 'EACCES' }, 'problem', /cannot be read: EACCES/],
    [{ writable: false }, 'problem', /cannot be written/],
    [{ writable: false, readOnlyDisk: true }, 'problem', /read-only file system/],
    [{ empty: true, missing: ['jobs/'] }, 'warning', /is empty/],
    [{ missing: ['locks/'] }, 'warning', /lacks locks/],
    [{ mount: { type: 'nfs4', at: '/n' } }, 'warning', /network file system nfs4/],
    [{ mount: { type: 'cifs', at: '/n' } }, 'warning', /cifs/],
    [{ mount: { type: 'fuse.sshfs', at: '/n' } }, 'warning', /FUSE/],
    [{ mount: { type: 'fuseblk', at: '/n' } }, 'ok', /fuseblk/],
    [{ home: '/u/Dropbox/qs' }, 'warning', /synchronised/],
  ] as const)('%o is %s', (facts, status, message) =>
    expectFinding(checkHome({ ...good, ...facts }), status, message),
  );

  it('finds the mount of a path', () => {
    const mounts = 'x / ext4 rw 0 0\ny /home xfs rw 0 0\nz /home/a\\040b nfs4 rw 0 0\nw /home btrfs rw 0 0\n';
    expect(findMount('/home/a b/c', mounts)).toEqual({ type: 'nfs4', at: '/home/a b' });
    expect(findMount('/home/a', mounts)?.type).toBe('btrfs');
    expect(findMount('/homes', mounts)?.type).toBe('ext4');
    expect(findMount('/x', '')).toBeUndefined();
  });
});

describe('permissions', () => {
  const entry = (path: string, mode: number, uid = 7): Entry => ({
    path,
    mode,
    uid,
    kind: path.includes('.') ? 'file' : 'folder',
  });
  const check = (entries: Entry[], rest: object = {}) =>
    checkPermissions({ home: '/h', uid: 7, entries, unreadable: [], secrets: 'secrets.env', ...rest });
  it.each([
    [[entry('', 0o700), entry('jobs', 0o700), entry('jobs/a.json', 0o600)], 'ok', /nobody else/],
    [[entry('', 0o700), entry('configs/a.yaml', 0o644)], 'ok', /nobody else/],
    [[entry('', 0o755)], 'warning', /look into the home \(mode 0755\)/],
    [[entry('', 0o777)], 'problem', /others can write the home/],
    [[entry('', 0o755), entry('configs/a.yaml', 0o644)], 'warning', /others can read configs\/a\.yaml/],
    [[entry('', 0o755), entry('jobs/a.json', 0o666)], 'problem', /others may write jobs\/a\.json/],
    [[entry('', 0o700), entry('jobs/a.json', 0o666)], 'warning', /others may write/],
    [[entry('', 0o700), entry('secrets.env', 0o644)], 'problem', /read the secrets/],
    [[entry('', 0o700), entry('jobs/a.json', 0o600, 8)], 'warning', /belongs to another user/],
    [[entry('', 0o700, 8)], 'problem', /belongs to user 8, and you are user 7/],
  ] as const)('%o is %s', (entries, status, message) => expectFinding(check([...entries]), status, message));

  it('says what cannot be read, and is content where there are no modes', () => {
    expectFinding(check([entry('', 0o700)], { unreadable: ['jobs/a.json'] }), 'problem', /cannot read it/);
    expectFinding(check([entry('', 0o777)], { uid: undefined }), 'ok', /system’s own/);
    expectFinding(check([entry('', 0o700, 8)], { uid: 0 }), 'warning', /you are user 0/);
  });
});

it.each([
  [{}, 'ok', /GiB are free/],
  [{ bytes: null }, 'ok', /does not say/],
  [{ bytes: 0 }, 'problem', /disk is full/],
  [{ bytes: 40 * MIB }, 'problem', /40 MiB are free: below min_free_space/],
  [{ bytes: 40 * MIB, minFreeMiB: 0 }, 'warning', /only 40 MiB/],
  [{ bytes: 150 * MIB }, 'warning', /only 150 MiB/],
  [{ files: 3 }, 'problem', /3 more files \(inodes\)/],
] as const)('disk: %o is %s', (facts, status, message) =>
  expectFinding(
    checkDisk({ home: '/h', minFreeMiB: 50, free: { bytes: 1e12, files: null, ...facts }, ...facts }),
    status,
    message,
  ),
);

it.each([
  [{}, 'ok', /2026-11-25T09:00:00.000Z, synchronised/],
  [{ synchronised: undefined }, 'ok', /2026-11-25T09:00:00.000Z$/],
  [{ synchronised: false }, 'warning', /not synchronised/],
  [{ now: 0 }, 'problem', /1970-01-01.* cannot be/],
  [{ newestRecord: NOW + HOUR }, 'warning', /1 h before the newest record/],
  [{ newestRecord: NOW + 1000 }, 'ok', /2026/],
] as const)('clock: %o is %s', (facts, status, message) =>
  expectFinding(
    checkClock({ now: NOW, newestRecord: NOW - HOUR, synchronised: true, ...facts }),
    status,
    message,
  ),
);

it('names the jobs in zones that Node has wrong', () => {
  const wrong = [
    {
      zone: 'America/Vancouver',
      release: '2026b',
      what: 'stays',
      spans: [{ from: NOW, to: null, truth: 0, here: HOUR }],
    },
  ];
  const facts = { system: 'UTC', dataVersion: '2025c', wrong, jobZones: new Map([['a', 'UTC']]), now: NOW };
  expectFinding(checkTimezones(facts), 'ok', 'UTC, time zone data 2025c');
  const jobZones = new Map([['a', 'America/Vancouver']]);
  expectFinding(checkTimezones({ ...facts, jobZones }), 'warning', /1 job \(a\): America\/Vancouver stays/);
  expectFinding(
    checkTimezones({ ...facts, system: 'Etc/Unknown' }),
    'warning',
    /does not know its time zone/,
  );
});

it.each([
  [{}, 'ok', /suffice/],
  [
    { maxWatches: undefined, maxInstances: undefined, usedInstances: undefined, openFiles: undefined },
    'ok',
    /suffice/,
  ],
  [{ maxWatches: 512 }, 'warning', /may watch 512 files/],
  [{ usedInstances: 127 }, 'warning', /127 of 128 file watchers/],
  [{ openFiles: 256 }, 'warning', /only 256 files open/],
] as const)('limits: %o is %s', (facts, status, message) =>
  expectFinding(
    checkLimits({
      maxWatches: 60_000,
      maxInstances: 128,
      usedInstances: 5,
      openFiles: 4096,
      jobFiles: 9,
      ...facts,
    }),
    status,
    message,
  ),
);

it('reads the limit of open files', () => {
  expect(
    openFilesLimit('Limit  Soft\nMax open files            1024                 4096      files\n'),
  ).toBe(1024);
  expect(
    openFilesLimit('Max open files            unlimited            unlimited      files'),
  ).toBeUndefined();
});
