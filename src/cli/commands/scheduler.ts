import { Argument, type Command } from 'commander';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import type { CommandContext } from '../context/context.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { integerParser, parseCommaList } from '../flags/flag-values.ts';
import { formatSchedulerStatus } from '../render/format.ts';
import type { SchedulerUnitFlags } from './print-unit.ts';

export function schedulerStart(): Command {
  const command = leafCommand('start', {
    overSsh: true,
    description:
      'Start the scheduler: in this terminal until Ctrl-C, or in the background with --daemon. A second one on the same home is refused.',
    json: 'with --daemon start_scheduler: { running, pid, since, jobs, enabled, … }; else nothing',
    examples: [
      ['scheduler start --daemon', 'in the background; it logs to scheduler.log'],
      ['scheduler start', 'here, with its log on the screen'],
    ],
  }).option('--daemon', 'in the background');
  return onCommand<[], { daemon?: boolean }>(command, async (context, _args, { daemon }) => {
    if (context.isRemote && !daemon) throw foregroundOnly(context);
    if (!context.isRemote) await context.workspace('make');
    if (!daemon) {
      const { runInForeground } = await import('./run-in-foreground.ts');
      return runInForeground(context);
    }
    const answer = await context.call('start_scheduler', {});
    await context.print(answer, () => formatSchedulerStatus(answer, context, Date.now()));
    return 0;
  });
}

function foregroundOnly(context: CommandContext): QuickscrapeError {
  return new QuickscrapeError('invalid_params', 'a scheduler on another machine runs in the background', {
    field: 'daemon',
    hint: `Add --daemon: ${context.command('scheduler start --daemon')}`,
  });
}

/** Stops the scheduler and waits until it has stopped. Ctrl-C ends only the waiting. */
async function stopScheduler(
  context: CommandContext,
  force: boolean,
): Promise<OperationOutput<'stop_scheduler'>> {
  const { signal } = context.interrupt;
  if (await stopOlderScheduler(context, force)) return context.call('get_scheduler', {});
  let answer = await context.call('stop_scheduler', { force, wait_seconds: 1 });
  if (answer.running && !signal.aborted) {
    context.printMessage(
      `Waiting for ${pluralize(answer.running_runs, 'run')} to finish; Ctrl-C to wait no longer.`,
    );
  }
  while (answer.running && !signal.aborted) {
    try {
      answer = await context.call('stop_scheduler', { force, wait_seconds: 1 });
    } catch (error) {
      if (context.isRemote && (await context.isInterrupted())) return answer;
      // The scheduler stopped between two calls.
      if ((error as { code?: unknown }).code !== 'scheduler_not_running') throw error;
      answer = await context.call('get_scheduler', {});
    }
  }
  return answer;
}

/**
 * Stops a scheduler of an older version. While it runs, this version does not open its home.
 * @returns whether there was one
 */
async function stopOlderScheduler(context: CommandContext, force: boolean): Promise<boolean> {
  if (context.isRemote) return false;
  const { stopSchedulerOfOlderVersion } = await import('../../core/scheduler/start-stop.ts');
  const { database } = resolveHome({ home: context.globals.home });
  return stopSchedulerOfOlderVersion(database, {
    force,
    signal: context.interrupt.signal,
    onRequested: (pid, version) =>
      context.printMessage(
        `Waiting for the scheduler of version ${version} (pid ${pid}) to stop; Ctrl-C to wait no longer.`,
      ),
  });
}

export function schedulerStop(): Command {
  const command = leafCommand('stop', {
    overSsh: true,
    description: 'Stop the scheduler. It waits for active runs; --force cancels them.',
    json: 'stop_scheduler: { running, pid, since, jobs, enabled, … }',
    examples: [['scheduler stop --force', 'do not wait: cancel what runs']],
  }).option('--force', 'cancel active runs instead of waiting for them');
  return onCommand<[], { force?: boolean }>(command, async (context, _args, { force = false }) => {
    const answer = await stopScheduler(context, force);
    await context.print(answer, () =>
      answer.running ? 'The scheduler stops when its runs have finished.' : 'The scheduler has stopped.',
    );
  });
}

export function schedulerStatusCommand(): Command {
  const command = leafCommand('status', {
    overSsh: true,
    description:
      'Show the scheduler’s status, active runs and next runs. Exits with 1 when no scheduler runs.',
    json: 'get_scheduler: { running, pid, since, jobs, enabled, queued, running_runs, slots, next_run, uptime_s, version, held, time_zone_data, executor, warnings }',
    examples: [['scheduler status --json | jq .running', 'for a script']],
  });
  return onCommand<[], object>(command, async (context) => {
    const answer = await context.invoke('get_scheduler', {});
    await context.print(answer, () => formatSchedulerStatus(answer, context, Date.now()));
    return answer.running ? EXIT.done : EXIT.failed;
  });
}

export function schedulerRestart(): Command {
  const command = leafCommand('restart', {
    overSsh: true,
    description: 'Stop the scheduler, if it runs, and start it in the background.',
    json: 'start_scheduler: { running, pid, since, jobs, enabled, … }',
    examples: [['scheduler restart', 'after an update, or for another max_concurrent_runs']],
  }).option('--force', 'cancel active runs instead of waiting for them');
  return onCommand<[], { force?: boolean }>(command, async (context, _args, { force = false }) => {
    await stopOlderScheduler(context, force);
    const { running } = await context.call('get_scheduler', {});
    if (running) await stopScheduler(context, force);
    if (context.interrupt.code !== undefined) return context.interrupt.code;
    const answer = await context.call('start_scheduler', {});
    await context.print(answer, () => formatSchedulerStatus(answer, context, Date.now()));
    return 0;
  });
}

export function schedulerLogs(): Command {
  const command = leafCommand('logs', {
    description: 'Show the log of the scheduler in the background.',
    json: '{ lines }; with --follow one JSON string a line',
    examples: [['scheduler logs --follow', 'as it is written, until Ctrl-C']],
  })
    .option('--lines <n>', 'the last lines (default 50)', integerParser(0, 1_000_000))
    .option('--follow', 'go on until Ctrl-C');
  return onCommand<[], { lines?: number; follow?: boolean }>(
    command,
    async (context, _args, { lines = 50, follow }) => {
      const { printLog } = await import('./print-log.ts');
      const { paths } = await context.workspace();
      await printLog(context, {
        file: paths.schedulerLog,
        lines,
        extraFields: {},
        ...(follow && { follow: { isFinished: () => false } }),
      });
    },
  );
}

export function schedulerRun(): Command {
  const command = leafCommand('run', {
    description:
      'Run the scheduler in the foreground, for systemd, launchd and containers. Logs go to stderr. SIGTERM lets active runs finish; a second one ends it at once, and its runs go on.',
    json: 'nothing: its log is on stderr',
    examples: [['scheduler run', 'what the service file of scheduler unit starts']],
  });
  return onCommand<[], object>(command, async (context) => {
    const { runInForeground } = await import('./run-in-foreground.ts');
    return runInForeground(context);
  });
}

/** A service must not start a program from a cache, which disappears. */
async function warnOfCache(context: CommandContext): Promise<void> {
  const { findInstallation } = await import('../../core/lib/installation.ts');
  const { PACKAGE_NAME } = await import('../../core/lib/program.ts');
  if (findInstallation().kind !== 'npx') return;
  context.printMessage(
    `note: npx keeps this program in a cache. Before it runs as a service: npm install --global ${PACKAGE_NAME}, then print this file again.`,
  );
}

export function schedulerUnit(): Command {
  const command = leafCommand('unit', {
    description:
      'Print a service file that keeps the scheduler of this home running: of your own user, or with --system of the machine.',
    json: '{ kind, text }: the service file',
    examples: [
      [
        'scheduler unit systemd > ~/.config/systemd/user/quickscrape.service',
        'then: systemctl --user enable --now quickscrape; loginctl enable-linger keeps it without a login',
      ],
      [
        'scheduler unit systemd --system --run-as scraper --home /var/lib/quickscrape',
        'for /etc/systemd/system/quickscrape.service of a server',
      ],
      [
        'scheduler unit launchd > ~/Library/LaunchAgents/dev.quickscrape.scheduler.plist',
        'then: launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/dev.quickscrape.scheduler.plist',
      ],
    ],
  })
    .addArgument(new Argument('<kind>', 'which service manager').choices(['systemd', 'launchd']))
    .option('--system', 'for the whole machine instead of your own user (systemd)')
    .option('--run-as <user>', 'with --system: the user that the home belongs to (default: you)')
    .option(
      '--writable <folders>',
      'with --system: folders outside of the home that jobs may write to, separated by commas',
      parseCommaList,
    );
  return onCommand<['systemd' | 'launchd'], SchedulerUnitFlags>(command, async (context, [kind], flags) => {
    await warnOfCache(context);
    const { printSchedulerUnit } = await import('./print-unit.ts');
    await printSchedulerUnit(context, kind, flags);
  });
}
