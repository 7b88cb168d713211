import { MINUTE_MS } from '../../../lib/clock.ts';
import type { QuickscrapeError } from '../../../lib/errors.ts';
import { formatDuration } from '../../../lib/format-duration.ts';
import { plainCommand } from '../../../lib/hints.ts';
import { describeInstallation, type Installation } from '../../../lib/installation.ts';
import { pluralize, truncateList } from '../../../lib/text.ts';
import type { FoundBrowser } from '../../../process/find-browser.ts';
import { describeWrongZone } from '../../../schedule/schedule-warnings.ts';
import type { WrongZone } from '../../../schedule/zone-data.ts';
import { isClockPlausible } from '../../../scheduler/clock-jump.ts';
import { createFindings, type Finding } from '../finding.ts';

interface ProgramFacts {
  version: string;
  /** `20.19.0` */
  nodeVersion: string;
  installation: Installation;
  /** Why SQLite cannot be loaded; `undefined` when it can. */
  libsqlError: QuickscrapeError | undefined;
}

/** Checks what this program itself requires: its one native library. Its Node has been checked at the start. */
export function checkProgram({ version, nodeVersion, installation, libsqlError }: ProgramFacts): Finding[] {
  const { ok, problem } = createFindings('program');
  const where = installation.folder;
  if (libsqlError === undefined)
    return [
      ok(`version ${version} on Node ${nodeVersion}, ${describeInstallation(installation)}; SQLite loads`, {
        where,
      }),
    ];
  const { message, hint } = libsqlError;
  return [problem(message, { where, ...(hint !== undefined && { fix: hint }) })];
}

interface BrowserFacts {
  found: FoundBrowser;
  /** The command that installs a browser here. */
  install: string;
  /** Configurations that need a browser. */
  wantedBy: readonly string[];
}

/** Checks whether there is a Chromium for configurations that need one. */
export function checkBrowser({ found, install, wantedBy }: BrowserFacts, command = plainCommand): Finding[] {
  const { ok, warning } = createFindings('browser');
  if ('path' in found) return [ok('Chromium is there', { where: found.path })];
  if (wantedBy.length === 0) return [ok(`${found.missing}, and no configuration needs one`)];
  return [
    warning(`${found.missing}; ${wantedBy.join(', ')} want${wantedBy.length === 1 ? 's' : ''} one`, {
      fix: `${install}, or name one: ${command('config set browser_path FILE')}`,
    }),
  ];
}

interface ClockFacts {
  now: number;
  /** The newest instant in the database; epoch milliseconds. */
  newestRecord: number | undefined;
  /** Whether the system synchronises its clock over the network; `undefined` when it does not report that. */
  synchronised: boolean | undefined;
}

const TOLERANCE_MS = 5 * MINUTE_MS;

/** Checks whether the clock can be right, because occurrences depend on it. */
export function checkClock({ now, newestRecord, synchronised }: ClockFacts): Finding[] {
  const { ok, warning, problem } = createFindings('clock');
  const shown = new Date(now).toISOString();
  const findings: Finding[] = [];
  if (!isClockPlausible(now)) {
    findings.push(
      problem(`the clock says ${shown}, which cannot be`, {
        fix: 'set the clock: sudo timedatectl set-ntp true',
      }),
    );
  } else if (newestRecord !== undefined && newestRecord - now > TOLERANCE_MS) {
    findings.push(
      warning(
        `the clock says ${shown}, ${formatDuration(newestRecord - now)} before the newest record of this home: was it set back?`,
        {
          fix: 'check the clock; when it is right, jobs go on once it has passed that record',
        },
      ),
    );
  }
  if (synchronised === false) {
    findings.push(
      warning('the clock is not synchronised with the network', { fix: 'sudo timedatectl set-ntp true' }),
    );
  }
  if (findings.length > 0) return findings;
  return [ok(`${shown}${synchronised ? ', synchronised with the network' : ''}`)];
}

/** Limits of the system; `undefined` where there is none or it is not reported. */
interface LimitFacts {
  /** Folders and files that one user may watch (inotify). */
  maxWatches: number | undefined;
  /** inotify instances that one user may have. */
  maxInstances: number | undefined;
  /** inotify instances that this user's processes have now. */
  usedInstances: number | undefined;
  /** Files that one process may open. */
  openFiles: number | undefined;
  jobFiles: number;
}

/**
 * inotify watches that should be available. The scheduler needs few, because it watches folders, not files, but other
 * programs share the limit.
 */
const MIN_WATCHES = 1_000;
const MIN_FREE_INSTANCES = 4;
const MIN_OPEN_FILES = 1_024;

/** Checks for limits that delay the detection of changed job files, or that make runs fail. */
export function checkLimits(facts: LimitFacts): Finding[] {
  const { ok, warning } = createFindings('limits');
  const { maxWatches, maxInstances, usedInstances, openFiles, jobFiles } = facts;
  const late = 'changes to job files are then seen after up to 30 s instead of at once';
  const findings: Finding[] = [];
  if (maxWatches !== undefined && maxWatches < MIN_WATCHES + jobFiles) {
    findings.push(
      warning(`one user may watch ${maxWatches} files (inotify), which other programs may use up: ${late}`, {
        fix: 'sudo sysctl fs.inotify.max_user_watches=524288',
      }),
    );
  }
  if (
    maxInstances !== undefined &&
    usedInstances !== undefined &&
    maxInstances - usedInstances < MIN_FREE_INSTANCES
  ) {
    findings.push(
      warning(`${usedInstances} of ${maxInstances} file watchers (inotify) are in use: ${late}`, {
        fix: 'sudo sysctl fs.inotify.max_user_instances=1024',
      }),
    );
  }
  if (openFiles !== undefined && openFiles < MIN_OPEN_FILES) {
    findings.push(
      warning(`a process may have only ${openFiles} files open`, { fix: `ulimit -n ${MIN_OPEN_FILES * 4}` }),
    );
  }
  return findings.length > 0 ? findings : [ok('watches and open files suffice')];
}

interface TimezoneFacts {
  /** The system's time zone; `undefined` or `Etc/Unknown` when it is not set. */
  system: string | undefined;
  /** Version of Node's time zone data, such as `2025c`. */
  dataVersion: string;
  /** Zones that are known to be wrong in this data. */
  wrong: readonly WrongZone[];
  /** The zone of each valid job, by job id. */
  jobZones: ReadonlyMap<string, string>;
  now: number;
}

/** Checks whether jobs run at the right local times. */
export function checkTimezones(
  { system, dataVersion, wrong, jobZones, now }: TimezoneFacts,
  command = plainCommand,
): Finding[] {
  const { ok, warning } = createFindings('time_zones');
  const findings: Finding[] = [];
  if (system === undefined || system === '' || system === 'Etc/Unknown') {
    findings.push(
      warning('the system does not know its time zone: schedules without one follow UTC', {
        fix: `${command('config set timezone Europe/Berlin')} (or another IANA name)`,
      }),
    );
  }
  for (const zone of wrong) {
    const jobs = [...jobZones].flatMap(([job, its]) => (its === zone.zone ? [job] : []));
    if (jobs.length === 0) continue;
    findings.push(
      warning(
        `${pluralize(jobs.length, 'job')} (${truncateList(jobs, 3)}): ${describeWrongZone(zone, now)}`,
        {
          fix: `update Node.js to one with time zone data ${zone.release} or later, then restart the scheduler`,
        },
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`${system}, time zone data ${dataVersion}`)];
}

interface SchedulerFacts {
  now: number;
  version: string;
  /** The row that names the holder of the lease. */
  holder: { pid: number; alive: boolean; since: number; version: string; stopRequested: boolean } | undefined;
  /** Whether a process holds the lease's lock; `undefined` when that cannot be determined. */
  locked: boolean | undefined;
  /** Number of valid and enabled jobs. */
  enabledJobs: number;
  /** The service file that starts the scheduler at boot; `undefined` when none was found. */
  service: string | undefined;
  /** The service manager of this machine that could start it. */
  serviceKind: 'systemd' | 'launchd' | undefined;
}

/** Checks whether a scheduler runs for this home. */
export function checkScheduler(facts: SchedulerFacts, command = plainCommand): Finding[] {
  const { ok, warning } = createFindings('scheduler');
  const { holder, locked, enabledJobs, now } = facts;
  if (!holder?.alive && locked) {
    return [
      warning('a process holds the scheduler’s lease without saying who it is', {
        fix: 'wait a few seconds; if this persists, look for it: pgrep -af "quickscrape.*scheduler"',
      }),
    ];
  }
  if (!holder?.alive) {
    const died = holder ? ` (pid ${holder.pid} died: killed, or the machine went down)` : '';
    if (enabledJobs === 0) return [ok(`none runs, and no job is enabled${died}`)];
    const jobs =
      enabledJobs === 1
        ? 'the enabled job does not start by itself'
        : `the ${enabledJobs} enabled jobs do not start by themselves`;
    return [warning(`none runs${died}: ${jobs}`, { fix: command('scheduler start --daemon') })];
  }
  const findings: Finding[] = [];
  const who = `pid ${holder.pid}, for ${formatDuration(now - holder.since)}`;
  if (locked === false) {
    findings.push(
      warning(
        `pid ${holder.pid} says it is the scheduler, but does not hold its lease: were files of locks/ deleted?`,
        {
          fix: command('scheduler restart'),
        },
      ),
    );
  }
  if (holder.version !== facts.version) {
    findings.push(
      warning(`the one that runs (${who}) is version ${holder.version}, this program is ${facts.version}`, {
        fix: command('scheduler restart'),
      }),
    );
  }
  if (holder.stopRequested) {
    findings.push(
      warning(`it (${who}) has been asked to stop and waits for its runs`, {
        fix: command('scheduler stop --force'),
      }),
    );
  }
  if (findings.length > 0) return findings;
  if (facts.service !== undefined) return [ok(`runs (${who}), and ${facts.service} starts it at boot`)];
  if (facts.serviceKind === undefined) return [ok(`runs (${who})`)];
  return [
    ok(`runs (${who}), but nothing was found that starts it at boot`, {
      fix: `${command(`scheduler unit ${facts.serviceKind}`)} prints the service file`,
    }),
  ];
}
