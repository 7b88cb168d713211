import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  checkConfigs,
  checkSettings,
} from '../../../../../src/core/diagnostics/doctor/checks/check-configs.ts';
import { checkDatabaseFile } from '../../../../../src/core/diagnostics/doctor/checks/check-database.ts';
import { checkLeftovers } from '../../../../../src/core/diagnostics/doctor/checks/check-home.ts';
import { checkJobs, checkRuns } from '../../../../../src/core/diagnostics/doctor/checks/check-jobs.ts';
import {
  checkBrowser,
  checkScheduler,
} from '../../../../../src/core/diagnostics/doctor/checks/check-runtime.ts';
import {
  findOrphanedRuns,
  listRunFolders,
} from '../../../../../src/core/diagnostics/doctor/collect-files.ts';
import { resolveHome } from '../../../../../src/core/fs/paths.ts';
import { getPersistentFiles, runFiles } from '../../../../../src/core/runs/run-files.ts';
import { tempFolder } from '../../../../temp-folder.ts';
import { expectFinding, HOUR, MIB, NOW } from '../expect-finding.ts';

const holder = { pid: 12, alive: true, since: NOW - HOUR, version: '1.0.0', stopRequested: false };
it.each([
  [{}, 'ok', /runs \(pid 12, for 1 h\)$/],
  [{ serviceKind: 'systemd' }, 'ok', /nothing was found that starts it at boot/],
  [{ service: '/s' }, 'ok', /\/s starts it at boot/],
  [{ holder: { ...holder, version: '0.9.0' } }, 'warning', /is version 0\.9\.0, this program is 1\.0\.0/],
  [{ locked: false }, 'warning', /does not hold its lease/],
  [{ holder: { ...holder, stopRequested: true } }, 'warning', /asked to stop/],
  [{ holder: undefined, locked: false }, 'warning', /none runs: the 2 enabled jobs do not start/],
  [
    { holder: undefined, locked: false, enabledJobs: 1 },
    'warning',
    /the enabled job does not start by itself/,
  ],
  [{ holder: undefined, locked: undefined, enabledJobs: 0 }, 'ok', /none runs/],
  [{ holder: { ...holder, alive: false }, locked: false }, 'warning', /pid 12 died/],
  [{ holder: undefined, locked: true }, 'warning', /holds the scheduler’s lease without saying/],
] as const)('scheduler: %o is %s', (facts, status, message) =>
  expectFinding(
    checkScheduler({
      now: NOW,
      version: '1.0.0',
      holder,
      locked: true,
      enabledJobs: 2,
      service: undefined,
      serviceKind: undefined,
      ...facts,
    }),
    status,
    message,
  ),
);

it.each([
  [{}, 'ok', /is whole, 2\.0 MiB$/],
  [{ schema: 1 }, 'ok', /schema 1 is brought to 2/],
  [{ damage: undefined }, 'ok', /can be read/],
  [{ exists: false }, 'ok', /not there yet/],
  [{ error: 'disk I/O error' }, 'problem', /cannot be read: disk I\/O error/],
  [{ damage: ['page 3 is never used', 'x'] }, 'problem', /is damaged: page 3 is never used \(and 1 more\)/],
  [{ schema: 3 }, 'problem', /newer version/],
  [{ walBytes: 300 * MIB }, 'warning', /300 MiB of changes/],
  [{ snapshots: { folder: '/h/snapshots', count: 0, newestAt: undefined } }, 'ok', /has no snapshot yet/],
  [
    { snapshots: { folder: '/h/snapshots', count: 7, newestAt: 1_790_000_000_000 } },
    'ok',
    /has 7 snapshots, the newest of 2026-09-21T/,
  ],
  [{ corruptCopies: ['/h/quickscrape.db.corrupt-1'] }, 'warning', /a damaged database was set aside/],
] as const)('database: %o is %s', (facts, status, message) =>
  expectFinding(
    checkDatabaseFile(
      {
        file: '/h/quickscrape.db',
        exists: true,
        error: undefined,
        damage: [],
        schema: 2,
        knownSchema: 2,
        bytes: 2 * MIB,
        walBytes: 0,
        corruptCopies: [],
        ...facts,
      },
      { now: NOW, schedulerSince: undefined },
    ),
    status,
    message,
  ),
);

const DAY = 24 * HOUR;
it.each([
  [
    { running: 3 * DAY, newest: 3 * DAY },
    'warning',
    /the newest snapshot is of .+, although the scheduler has run for 3 d/,
  ],
  [
    { running: 3 * DAY, newest: undefined },
    'warning',
    /has no snapshot, although the scheduler has run for 3 d/,
  ],
  [{ running: 3 * DAY, newest: -DAY }, 'warning', /the newest snapshot is of .+, although/],
  [{ running: 3 * DAY, newest: 2 * DAY }, 'ok', /has 1 snapshot, /],
  [{ running: DAY, newest: 9 * DAY }, 'ok', /has 1 snapshot, /],
  [{ running: undefined, newest: 9 * DAY }, 'ok', /has 1 snapshot, /],
] as const)('snapshots: a scheduler that has run for %o is %s', ({ running, newest }, status, message) =>
  expectFinding(
    checkDatabaseFile(
      {
        file: '/h/quickscrape.db',
        exists: true,
        error: undefined,
        damage: [],
        schema: 2,
        knownSchema: 2,
        bytes: MIB,
        walBytes: 0,
        corruptCopies: [],
        snapshots: {
          folder: '/h/snapshots',
          count: 1,
          newestAt: newest === undefined ? undefined : NOW - newest,
        },
      },
      { now: NOW, schedulerSince: running === undefined ? undefined : NOW - running },
    ),
    status,
    message,
  ),
);

const job = { id: 'a', kind: 'valid', file: 'jobs/a.json', configName: 'news', enabled: true } as const;
it.each([
  [{}, 'ok', /1 valid job$/],
  [
    { jobs: [{ ...job, configName: 'nwes' }] },
    'problem',
    /names the configuration "nwes", which does not exist/,
  ],
  [{ jobs: [{ ...job, configName: 'x', enabled: false }] }, 'warning', /does not exist/],
  [
    { jobs: [{ ...job, misspelt: [{ field: 'maxRetries', meant: 'max_retries' }] }] },
    'warning',
    /did you mean max_retries/,
  ],
  [{ jobs: [{ ...job, kind: 'invalid', line: 3, reason: 'bad' }] }, 'problem', /bad/],
  [{ jobs: [{ ...job, kind: 'newer', reason: 'newer' }] }, 'warning', /newer/],
  [{ unseen: ['jobs/b.JSON'] }, 'warning', /is not seen/],
  [{ error: 'EACCES' }, 'problem', /cannot be listed: EACCES/],
] as const)('jobs: %o is %s', (facts, status, message) =>
  expectFinding(
    checkJobs({ jobs: [job], configs: ['news'], unseen: [], error: undefined, ...facts }),
    status,
    message,
  ),
);

it('says where in a job file, and which configuration may be meant', () => {
  const facts = { configs: ['news'], unseen: [], error: undefined };
  const [bad] = checkJobs({
    ...facts,
    jobs: [{ ...job, kind: 'invalid', line: 3, column: 5, reason: 'bad' }],
  });
  expect(bad?.where).toBe('jobs/a.json:3:5');
  const [near] = checkJobs({ ...facts, jobs: [{ ...job, configName: 'nwes' }] });
  expect(near?.fix).toBe('quickscrape job update a --config news');
});

const config = { name: 'news', file: 'configs/news.yaml', issues: [], used: true };
const unset = {
  severity: 'warning',
  path: 'headers.Authorization',
  message: 'the environment variable TOKEN is not set',
  isUnsetVariable: true,
  line: 2,
  column: 1,
} as const;
it.each([
  [{}, 'ok', /1 valid configuration/],
  [
    { issues: [{ severity: 'error', path: 'url', message: 'is missing', line: 1 }] },
    'problem',
    'url: is missing',
  ],
  [
    { issues: [{ severity: 'error', path: 'url', message: 'url: is missing' }], used: false },
    'warning',
    'url: is missing',
  ],
  [{ issues: [unset] }, 'warning', /TOKEN is not set here; the scheduler needs it too/],
  [{ error: 'not UTF-8' }, 'problem', /not UTF-8/],
] as const)('configurations: %o is %s', (facts, status, message) =>
  expectFinding(checkConfigs([{ ...config, ...facts }]), status, message),
);

it.each([
  [{}, 'ok', /can be used/],
  [{ exists: false }, 'ok', /defaults/],
  [{ error: 'settings.yaml:1:1: bad' }, 'problem', /bad/],
  [{ unknown: ['max_runs'] }, 'warning', /max_runs: not known/],
] as const)('settings: %o is %s', (facts, status, message) =>
  expectFinding(
    checkSettings({ file: 's', exists: true, error: undefined, unknown: [], ...facts }),
    status,
    message,
  ),
);

const run = { runId: 'r1', jobId: 'a', status: 'running', notBefore: NOW, deadline: undefined, alive: true };
it.each([
  [{ active: [] }, 'ok', /none is active/],
  [{ active: [run] }, 'ok', /1 active/],
  [{ active: [{ ...run, alive: false }] }, 'warning', /its process is gone/],
  [
    { active: [{ ...run, deadline: NOW - 2 * HOUR }] },
    'warning',
    /120 min over its time limit|2 h over its time limit/,
  ],
  [
    { active: [{ ...run, status: 'queued', notBefore: NOW - 5 * HOUR, alive: undefined }] },
    'warning',
    /waiting for 5 h/,
  ],
  [{ problems: [{ jobId: 'a', failures: 4, pausedAt: undefined }] }, 'warning', /failed 4 times in a row/],
  [{ problems: [{ jobId: 'a', failures: 2, pausedAt: undefined }] }, 'ok', /none/],
  [{ problems: [{ jobId: 'a', failures: 5, pausedAt: NOW }] }, 'warning', /is paused since 2026-11-25/],
  [
    {
      problems: [
        {
          jobId: 'a',
          failures: 0,
          pausedAt: undefined,
          callbackFailure: { at: NOW, message: 'exit code 1' },
        },
      ],
    },
    'problem',
    /the last alert of job a did not go out \(2026-11-25.*\): exit code 1/,
  ],
] as const)('runs: %o is %s', (facts, status, message) =>
  expectFinding(
    checkRuns({ now: NOW, schedulerRuns: false, active: [], problems: [], known: true, ...facts }),
    status,
    message,
  ),
);

it('a folder of a run that the history does not know is left over, what a job keeps between its runs is not', () => {
  const paths = resolveHome({ home: tempFolder() });
  for (const name of ['known', 'unknown'])
    mkdirSync(runFiles(paths, 'books', name).folder, { recursive: true });
  const { cache, cookies, goodPages } = getPersistentFiles(paths, 'books');
  mkdirSync(cache);
  mkdirSync(goodPages);
  writeFileSync(cookies, '{}');
  const known = new Map([['books', new Set(['known'])]]);
  expect(findOrphanedRuns(paths, listRunFolders(paths), known)).toEqual([join('runs', 'books', 'unknown')]);
});

it('leftovers and browser', () => {
  expectFinding(checkLeftovers({ tempFiles: [], orphanedRuns: undefined }), 'ok', 'none');
  expectFinding(checkLeftovers({ tempFiles: ['jobs/.a'], orphanedRuns: [] }), 'warning', /1 temporary file/);
  expectFinding(
    checkLeftovers({ tempFiles: [], orphanedRuns: ['runs/a/1', 'runs/a/2'] }),
    'warning',
    /2 folders of runs/,
  );
  const install = 'sudo apt install chromium';
  const missing = { missing: 'no Chromium was found' };
  expectFinding(
    checkBrowser({ found: { path: '/usr/bin/chromium' }, install, wantedBy: [] }),
    'ok',
    'Chromium is there',
  );
  expectFinding(checkBrowser({ found: missing, install, wantedBy: [] }), 'ok', /no configuration needs one/);
  expectFinding(checkBrowser({ found: missing, install, wantedBy: ['shop'] }), 'warning', /shop wants one/);
  expect(checkBrowser({ found: missing, install, wantedBy: ['shop'] })[0]?.fix).toContain(install);
});
