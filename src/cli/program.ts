import { Command } from 'commander';
import { BUILD } from '../core/lib/program.ts';
import { capitalized } from '../core/lib/text.ts';
import { whyNoDashboard } from '../tui/open-dashboard.ts';
import { backupCommand, exportCommand, importCommand, restoreCommand } from './commands/backup.ts';
import { channelsList, channelsLog, channelsTest } from './commands/channels.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import {
  initCommand,
  listCommand,
  showCommand,
  validateCommand,
  wizardCommand,
} from './commands/configurations.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand, repairJobs } from './commands/doctor.ts';
import { editorInstall, editorList, editorUninstall } from './commands/editor.ts';
import { homesCommand } from './commands/homes.ts';
import { mcpCommand, rpcCommand, tuiCommand } from './commands/interfaces.ts';
import { jobChart } from './commands/job/chart.ts';
import { jobClone, jobCreate } from './commands/job/create.ts';
import { jobDelete, jobRestore } from './commands/job/delete.ts';
import { jobDiff } from './commands/job/diff.ts';
import { jobHistory, jobLogs } from './commands/job/history.ts';
import { jobItemHistory } from './commands/job/item-history.ts';
import { jobItems } from './commands/job/items.ts';
import { jobList, jobNext, jobShow } from './commands/job/list.ts';
import { jobCancel, jobRetry, jobRun } from './commands/job/run.ts';
import { jobUpdate } from './commands/job/update.ts';
import { metricsCommand } from './commands/metrics.ts';
import { reportCommand } from './commands/report.ts';
import { forecastCommand, schedulePreview } from './commands/schedule.ts';
import {
  schedulerLogs,
  schedulerRestart,
  schedulerRun,
  schedulerStart,
  schedulerStatusCommand,
  schedulerStop,
  schedulerUnit,
} from './commands/scheduler.ts';
import { scrapeCommand } from './commands/scrape.ts';
import { configGet, configList, configReset, configSet } from './commands/settings.ts';
import { upgradeCommand } from './commands/upgrade.ts';
import {
  workerDrain,
  workerInvite,
  workerList,
  workerRevoke,
  workerStart,
  workerUnit,
} from './commands/worker.ts';
import { groupCommand, setInterrupt } from './context/define-command.ts';
import { Interrupt } from './context/interrupt.ts';
import { reportError } from './context/report-error.ts';
import {
  addGlobalOptions,
  hasJsonFlag,
  homeFromArgs,
  positionalArgs,
  rewriteHelpCommand,
} from './flags/global-flags.ts';

/** Runs a command line. The results are its output and `process.exitCode`. Never throws. */
export async function runCli(args: readonly string[]): Promise<void> {
  // `quickscrape … | head`: the reader needs no more output.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', () => {});
  setInterrupt(new Interrupt());
  if (args.includes('--version') && positionalArgs(args).length === 0 && hasJsonFlag(args)) {
    const { describeProgram } = await import('./commands/describe-program.ts');
    process.stdout.write(`${JSON.stringify(describeProgram(), null, 2)}\n`);
    return;
  }
  const why = hasNoCommand(args) ? whyNoDashboard() : undefined;
  const opensDashboard = hasNoCommand(args) && why === undefined;
  const line = opensDashboard ? [...args, 'tui'] : rewriteHelpCommand(args);
  const program: Command = buildProgram(line);
  if (args.length === 0 && !opensDashboard) {
    // Where the output is piped, it is clear that no dashboard can open.
    if (why !== undefined && process.stdout.isTTY) process.stderr.write(`${capitalized(why)}.\n\n`);
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(line, { from: 'user' });
  } catch (error) {
    process.exitCode = reportError(error, {
      json: hasJsonFlag(args),
      color: !args.includes('--no-color'),
      home: homeFromArgs(args),
    });
  }
}

/** A command line without a command, with at most a home and a colour flag, opens the dashboard on a terminal. */
function hasNoCommand(args: readonly string[]): boolean {
  return args.every(
    (arg, index) =>
      arg === '--no-color' || arg === '--home' || arg.startsWith('--home=') || args[index - 1] === '--home',
  );
}

type CommandFactories = Readonly<Record<string, () => Command>>;

const JOB: CommandFactories = {
  create: jobCreate,
  list: jobList,
  show: jobShow,
  update: jobUpdate,
  delete: jobDelete,
  restore: jobRestore,
  clone: jobClone,
  run: jobRun,
  cancel: jobCancel,
  retry: jobRetry,
  logs: jobLogs,
  history: jobHistory,
  chart: jobChart,
  items: jobItems,
  diff: jobDiff,
  item: () => groupCommand('item', 'Follow a row over time.', [jobItemHistory()]),
  next: jobNext,
};
const SCHEDULER: CommandFactories = {
  start: schedulerStart,
  stop: schedulerStop,
  status: schedulerStatusCommand,
  restart: schedulerRestart,
  logs: schedulerLogs,
  run: schedulerRun,
  unit: schedulerUnit,
};
const WORKER: CommandFactories = {
  invite: workerInvite,
  start: workerStart,
  list: workerList,
  drain: workerDrain,
  revoke: workerRevoke,
  unit: workerUnit,
};
const CHANNELS: CommandFactories = { list: channelsList, test: channelsTest, log: channelsLog };
const SCHEDULE: CommandFactories = { preview: schedulePreview };
const CONFIG: CommandFactories = { set: configSet, get: configGet, list: configList, reset: configReset };
const EDITOR: CommandFactories = { install: editorInstall, list: editorList, uninstall: editorUninstall };
const MAINTENANCE: CommandFactories = { 'repair-jobs': repairJobs };

/** The commands by name, in the order of the help. */
function commandFactories(within: string | undefined): CommandFactories {
  const group = (name: string, description: string, factories: CommandFactories) => () =>
    groupCommand(name, description, createCommands(factories, within));
  return {
    demo: demoCommand,
    init: initCommand,
    wizard: wizardCommand,
    list: listCommand,
    show: showCommand,
    validate: validateCommand,
    scrape: scrapeCommand,
    job: group('job', 'Create, run and inspect jobs.', JOB),
    scheduler: group(
      'scheduler',
      'Start, stop and watch the scheduler, which runs jobs when they are due.',
      SCHEDULER,
    ),
    worker: group('worker', 'Invite, list and end workers: other machines that execute runs.', WORKER),
    channels: group('channels', 'List and test channels, and see what they were told.', CHANNELS),
    schedule: group('schedule', 'Preview schedules before a job uses them.', SCHEDULE),
    forecast: forecastCommand,
    config: group('config', 'Settings.', CONFIG),
    homes: homesCommand,
    tui: tuiCommand,
    mcp: mcpCommand,
    rpc: rpcCommand,
    editor: group('editor', 'Install the plugins for VS Code, Neovim and Emacs.', EDITOR),
    export: exportCommand,
    import: importCommand,
    backup: backupCommand,
    restore: restoreCommand,
    doctor: doctorCommand,
    report: reportCommand,
    metrics: metricsCommand,
    maintenance: group('maintenance', 'Check and repair the files of a home.', MAINTENANCE),
    completion: completionCommand,
    upgrade: upgradeCommand,
  };
}

/** The command of a name, or all without one. */
function createCommands(factories: CommandFactories, name: string | undefined): Command[] {
  const isOne = name !== undefined && Object.hasOwn(factories, name);
  return isOne ? [factories[name]?.() as Command] : Object.values(factories).map((make) => make());
}

/**
 * Builds the command tree, or only the branch that a command line needs: to build all of it takes as long as some
 * commands do. A command loads its dependencies with `await import()` when it runs.
 *
 * @param args the command line; without it, the whole tree
 */
export function buildProgram(args: readonly string[] = []): Command {
  const program = new Command('quickscrape')
    .description('Schedules web-scraping jobs, runs them unattended and keeps what they found.')
    .version(
      BUILD,
      '--version',
      'print the version; with --json also how it is installed and what it can use',
    );
  addGlobalOptions(program);
  const [name, within] = positionalArgs(args);
  const allFactories = commandFactories(undefined);
  const isNamed = name !== undefined && Object.hasOwn(allFactories, name);
  for (const command of createCommands(isNamed ? commandFactories(within) : allFactories, name))
    program.addCommand(command);
  program.addCommand(completeCommand(), { hidden: true });
  program.addHelpText('after', FIRST_STEPS);
  applyCommandDefaults(program);
  return program;
}

const FIRST_STEPS = `
First steps:
  $ quickscrape demo                         see it work on a bookshop made for it
  $ quickscrape wizard https://shop.example   make a configuration of what repeats on a page
  $ quickscrape init                         make the home folder, with an example configuration
  $ quickscrape scrape example --sample 5    try the configuration
  $ quickscrape job create --config example --schedule daily --at 09:00
  $ quickscrape scheduler start --daemon

Every command has its own help: quickscrape job create --help`;

/** Settings of all commands: errors are thrown and reported in one place, and help shows the global flags. */
function applyCommandDefaults(command: Command): void {
  command
    .exitOverride((error) => {
      throw Object.assign(error, { command });
    })
    // The report of an error makes its own (report-error.ts).
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) applyCommandDefaults(child);
}
