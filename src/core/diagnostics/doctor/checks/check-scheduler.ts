import { formatDuration } from '../../../lib/format-duration.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface SchedulerFacts {
  now: number;
  version: string;
  /** The row that says who holds the lease. */
  holder: { pid: number; alive: boolean; since: number; version: string; stopRequested: boolean } | undefined;
  /** Whether a process holds the lease's lock; `undefined` when it cannot be told. */
  locked: boolean | undefined;
  /** Jobs that are valid and enabled. */
  enabledJobs: number;
  /** The service file that starts it at boot; `undefined` when none was found. */
  service: string | undefined;
  /** Whether this machine has systemd or launchd to start it. */
  serviceKind: 'systemd' | 'launchd' | undefined;
}

/** Who schedules the jobs of this home, if anybody. */
export function checkScheduler(facts: SchedulerFacts): Finding[] {
  const { ok, warning } = createFindings('scheduler');
  const { holder, locked, enabledJobs, now } = facts;
  const start = 'quickscrape scheduler start --daemon';
  if (!holder?.alive && locked) {
    return [
      warning('a process holds the scheduler’s lease without saying who it is', {
        fix: 'wait a few seconds; if it stays so, look for it: pgrep -af "quickscrape.*scheduler"',
      }),
    ];
  }
  if (!holder?.alive) {
    const died = holder ? ` (pid ${holder.pid} ended without a word: killed, or the machine went down)` : '';
    if (enabledJobs === 0) return [ok(`none runs, and no job is enabled${died}`)];
    const jobs =
      enabledJobs === 1
        ? 'the enabled job does not start by itself'
        : `the ${enabledJobs} enabled jobs do not start by themselves`;
    return [warning(`none runs${died}: ${jobs}`, { fix: start })];
  }
  const findings: Finding[] = [];
  const who = `pid ${holder.pid}, for ${formatDuration(now - holder.since)}`;
  if (locked === false) {
    findings.push(
      warning(
        `pid ${holder.pid} says it is the scheduler, but does not hold its lease: were files of locks/ deleted?`,
        {
          fix: 'quickscrape scheduler restart',
        },
      ),
    );
  }
  if (holder.version !== facts.version) {
    findings.push(
      warning(`the one that runs (${who}) is version ${holder.version}, this program is ${facts.version}`, {
        fix: 'quickscrape scheduler restart',
      }),
    );
  }
  if (holder.stopRequested) {
    findings.push(
      warning(`it (${who}) has been asked to stop and waits for its runs`, {
        fix: 'quickscrape scheduler stop --force',
      }),
    );
  }
  if (findings.length > 0) return findings;
  if (facts.service !== undefined) return [ok(`runs (${who}), and ${facts.service} starts it at boot`)];
  if (facts.serviceKind === undefined) return [ok(`runs (${who})`)];
  return [
    ok(`runs (${who}), but nothing was found that starts it at boot`, {
      fix: `quickscrape scheduler unit ${facts.serviceKind} prints the service file`,
    }),
  ];
}
