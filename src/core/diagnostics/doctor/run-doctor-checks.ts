import { basename, join } from 'node:path';
import { freeSpace } from '../../fs/disk-space.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { QuickscrapeError } from '../../lib/errors.ts';
import { findInstallation } from '../../lib/installation.ts';
import { BUILD } from '../../lib/program.ts';
import { findBrowser, installCommand } from '../../process/find-browser.ts';
import { isAlive } from '../../process/identity.ts';
import { currentUserId } from '../../process/platform.ts';
import { findService, isClockSynchronised, readLimits } from '../../process/system-facts.ts';
import { wrongZones, zoneDataVersion } from '../../schedule/zone-data.ts';
import { checkChannels } from './checks/check-channels.ts';
import { checkConfigs, checkSettings } from './checks/check-configs.ts';
import { checkDatabaseFile } from './checks/check-database.ts';
import { checkDisk, checkHome, checkLeftovers, checkPermissions } from './checks/check-home.ts';
import { type ActiveRunFact, checkJobs, checkRuns } from './checks/check-jobs.ts';
import {
  checkBrowser,
  checkClock,
  checkLimits,
  checkProgram,
  checkScheduler,
  checkTimezones,
} from './checks/check-runtime.ts';
import { checkWorkers } from './checks/check-workers.ts';
import {
  collectHome,
  findOrphanedRuns,
  findTempFiles,
  listEntries,
  listRunFolders,
} from './collect-files.ts';
import { type ConfigValidator, collectConfigs, collectJobs, joinJobProblems } from './collect-jobs.ts';
import { type CheckName, createFindings, type Finding } from './finding.ts';

/** The default of `min_free_space`, for settings that cannot be read. */
const MIN_FREE_MIB = 50;
/** The default of `worker_lost_after`. */
const USUAL_LOST_AFTER_MS = 90_000;
const MAX_UNCLAIMED_MS = 60_000;

/**
 * Checks a home and the system around it. Changes nothing: it creates, migrates and repairs nothing. A home with any
 * kind of damage is reported and does not stop the checks. Every check returns at least one finding, unless the home
 * does not exist.
 * @param command completes a command for a fix, such as `job run news`: it has to work on the same home
 */
export async function runDoctorChecks(
  paths: HomePaths,
  validate: ConfigValidator,
  command: (line: string) => string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const check = (name: CheckName, work: () => Finding[]) => {
    try {
      findings.push(...work());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      findings.push(
        createFindings(name).problem(`cannot be checked: ${reason}`, { fix: 'fix the problems above first' }),
      );
    }
  };
  const synchronised = isClockSynchronised();
  const { readers, libsqlError } = await loadReaders();
  const installation = findInstallation();
  check('program', () =>
    checkProgram({ version: BUILD, nodeVersion: process.versions.node, installation, libsqlError }),
  );
  const home = collectHome(paths);
  check('home', () => checkHome(home, command));
  const now = Date.now();
  const isFolder = home.kind === 'folder';
  const runFolders = listRunFolders(paths);
  const db = isFolder ? readers?.collectDatabase(paths.database) : undefined;
  const found = collectJobs(paths);
  const enabled = found.jobs.filter((job) => job.kind === 'valid' && job.enabled);
  const settings = readers?.collectSettings(paths);

  if (isFolder) {
    const { entries, unreadable } = listEntries(paths.home, paths.output);
    check('permissions', () =>
      checkPermissions({
        home: paths.home,
        uid: currentUserId(),
        entries,
        unreadable,
        secrets: basename(paths.secrets),
      }),
    );
    check('disk', () =>
      checkDisk(
        {
          home: paths.home,
          free: freeSpace(paths.home),
          minFreeMiB: settings?.minFreeMiB ?? MIN_FREE_MIB,
        },
        command,
      ),
    );
  }
  const isSynchronised = await synchronised;
  check('clock', () => checkClock({ now, newestRecord: db?.newestRecord, synchronised: isSynchronised }));
  check('time_zones', () =>
    checkTimezones(
      {
        system: Intl.DateTimeFormat().resolvedOptions().timeZone,
        dataVersion: zoneDataVersion(),
        wrong: wrongZones(now),
        jobZones: found.zones,
        now,
      },
      command,
    ),
  );
  check('limits', () => checkLimits({ ...readLimits(), jobFiles: found.jobs.length }));
  const running = db?.holder !== undefined && isAlive(db.holder.process);
  if (isFolder) {
    const schedulerSince = running ? db?.holder?.since : undefined;
    check('database', () => (db ? checkDatabaseFile(db.facts, { now, schedulerSince }, command) : []));
    const service = findService();
    check('scheduler', () =>
      checkScheduler(
        {
          now,
          version: BUILD,
          holder: db?.holder && {
            ...db.holder,
            pid: db.holder.process.pid,
            alive: running,
            stopRequested: db.holder.stopRequested !== null,
          },
          locked: readers?.isLeaseLocked(join(paths.locks, 'scheduler.db')),
          enabledJobs: enabled.length,
          service: service.service,
          serviceKind: service.kind,
        },
        command,
      ),
    );
    check('settings', () => (settings ? checkSettings(settings.facts, command) : []));
    check('workers', () => {
      if (readers === undefined) return [];
      const lostAfterMs = settings?.executor?.lostAfterMs ?? USUAL_LOST_AFTER_MS;
      return checkWorkers(
        {
          now,
          version: BUILD,
          ...readers.collectWorkers(paths, db?.workers ?? [], { now, lostAfterMs }),
          settings: settings?.executor,
          state: running ? db?.executorState : undefined,
          wanted: enabled.flatMap(({ id, file, worker = [] }) =>
            worker.length === 0 ? [] : [{ jobId: id, file, tags: worker }],
          ),
          unclaimed: findUnclaimed(db?.active ?? [], now),
        },
        command,
      );
    });
    check('channels', () =>
      readers === undefined
        ? []
        : checkChannels(
            {
              now,
              ...readers.collectChannels(paths),
              wanted: enabled.flatMap(({ file, channels = [] }) =>
                channels.length === 0 ? [] : [{ where: file, channels }],
              ),
              health: db?.channelHealth ?? [],
            },
            command,
          ),
    );
    const used = new Set(enabled.flatMap(({ configName }) => configName ?? []));
    let browsers: string[] = [];
    check('configs', () => {
      const configs = collectConfigs(paths, used, validate);
      browsers = configs.browsers;
      const names = configs.configs.map(({ name }) => name);
      return [...checkJobs({ ...found, configs: names }, command), ...checkConfigs(configs.configs, command)];
    });
    check('runs', () =>
      checkRuns(
        {
          now,
          schedulerRuns: running,
          active: db?.active ?? [],
          problems: joinJobProblems(found.parsed, db?.jobStates ?? new Map(), now),
          damagedRows: readers?.findDamagedRows(paths),
          damagedAddresses: readers?.findDamagedAddresses(paths),
          damagedHistories: readers?.findDamagedHistories(paths),
          damagedCrawls: readers?.findDamagedCrawls(paths, db?.active ?? []),
          known: db?.readable ?? false,
        },
        command,
      ),
    );
    check('leftovers', () =>
      checkLeftovers(
        {
          tempFiles: findTempFiles(paths),
          orphanedRuns: db?.readable ? findOrphanedRuns(paths, runFolders, db.runIds) : undefined,
        },
        command,
      ),
    );
    check('browser', () =>
      checkBrowser(
        {
          found: findBrowser(settings?.browserPath),
          install: installCommand(),
          wantedBy: browsers,
        },
        command,
      ),
    );
  }
  return findings;
}

/** Finds runs that were handed over to workers, and should have been claimed since. */
function findUnclaimed(active: readonly ActiveRunFact[], now: number): string[] {
  return active
    .filter(({ status, isRemote }) => status === 'starting' && isRemote)
    .filter(({ notBefore, handedOverAt }) => now - (handedOverAt ?? notBefore) > MAX_UNCLAIMED_MS)
    .map(({ runId }) => runId);
}

/** Imported late, so that a program whose native library cannot be loaded can still report that. */
async function loadReaders() {
  try {
    await import('../../database/native-sqlite.ts');
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    return { readers: undefined, libsqlError: error };
  }
  const { collectDatabase } = await import('./collect-database.ts');
  const { isLeaseLocked } = await import('../../database/locks.ts');
  const { collectSettings } = await import('./collect-settings.ts');
  const { collectWorkers } = await import('./collect-workers.ts');
  const { collectChannels } = await import('./collect-channels.ts');
  const { findDamagedAddresses, findDamagedCrawls, findDamagedRows } = await import(
    './collect-known-rows.ts'
  );
  const { findDamagedHistories } = await import('./collect-histories.ts');
  return {
    readers: {
      isLeaseLocked,
      collectDatabase,
      collectSettings,
      collectWorkers,
      collectChannels,
      findDamagedAddresses,
      findDamagedCrawls,
      findDamagedRows,
      findDamagedHistories,
    },
    libsqlError: undefined,
  };
}
