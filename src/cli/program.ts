import { Command } from 'commander';
import { VERSION } from '../core/version.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { configGet } from './commands/config/get.ts';
import { configList } from './commands/config/list.ts';
import { configReset } from './commands/config/reset.ts';
import { configSet } from './commands/config/set.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { forecastCommand } from './commands/forecast.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { jobCancel } from './commands/job/cancel.ts';
import { jobClone } from './commands/job/clone.ts';
import { jobCreate } from './commands/job/create.ts';
import { jobDelete } from './commands/job/delete.ts';
import { jobDiff } from './commands/job/diff.ts';
import { jobHistory } from './commands/job/history.ts';
import { jobItems } from './commands/job/items.ts';
import { jobList } from './commands/job/list.ts';
import { jobLogs } from './commands/job/logs.ts';
import { jobNext } from './commands/job/next.ts';
import { jobRestore } from './commands/job/restore.ts';
import { jobRetry } from './commands/job/retry.ts';
import { jobRun } from './commands/job/run.ts';
import { jobShow } from './commands/job/show.ts';
import { jobUpdate } from './commands/job/update.ts';
import { listCommand } from './commands/list.ts';
import { repairJobs } from './commands/maintenance/repair-jobs.ts';
import { mcpCommand } from './commands/mcp.ts';
import { rpcCommand } from './commands/rpc.ts';
import { schedulePreview } from './commands/schedule/preview.ts';
import { schedulerLogs } from './commands/scheduler/logs.ts';
import { schedulerRestart } from './commands/scheduler/restart.ts';
import { schedulerRun } from './commands/scheduler/run.ts';
import { schedulerStart } from './commands/scheduler/start.ts';
import { schedulerStatusCommand } from './commands/scheduler/status.ts';
import { schedulerStop } from './commands/scheduler/stop.ts';
import { schedulerUnit } from './commands/scheduler/unit.ts';
import { scrapeCommand } from './commands/scrape.ts';
import { showCommand } from './commands/show.ts';
import { tuiCommand } from './commands/tui.ts';
import { validateCommand } from './commands/validate.ts';
import { wizardCommand } from './commands/wizard.ts';
import { groupCommand } from './define-command.ts';
import { addGlobalOptions } from './globals.ts';

/** The whole tree of commands. Cheap: a command reaches what it needs by `await import()` when it is carried out. */
export function buildProgram(): Command {
  const program = new Command('quickscrape')
    .description('Schedules web-scraping jobs, runs them unattended and keeps what they found.')
    .version(VERSION, '--version', 'print the version');
  addGlobalOptions(program);
  const commands = [
    demoCommand(),
    initCommand(),
    wizardCommand(),
    listCommand(),
    showCommand(),
    validateCommand(),
    scrapeCommand(),
    groupCommand('job', 'Create, run and inspect jobs.', [
      jobCreate(),
      jobList(),
      jobShow(),
      jobUpdate(),
      jobDelete(),
      jobRestore(),
      jobClone(),
      jobRun(),
      jobCancel(),
      jobRetry(),
      jobLogs(),
      jobHistory(),
      jobItems(),
      jobDiff(),
      jobNext(),
    ]),
    groupCommand('scheduler', 'Start, stop and watch the scheduler, which runs jobs when they are due.', [
      schedulerStart(),
      schedulerStop(),
      schedulerStatusCommand(),
      schedulerRestart(),
      schedulerLogs(),
      schedulerRun(),
      schedulerUnit(),
    ]),
    groupCommand('schedule', 'Look at schedules before a job uses them.', [schedulePreview()]),
    forecastCommand(),
    groupCommand('config', 'Settings.', [configSet(), configGet(), configList(), configReset()]),
    tuiCommand(),
    mcpCommand(),
    rpcCommand(),
    exportCommand(),
    importCommand(),
    doctorCommand(),
    groupCommand('maintenance', 'Put a home in order.', [repairJobs()]),
    completionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  program.addCommand(completeCommand(), { hidden: true });
  program.addHelpText('after', FIRST_STEPS);
  settle(program);
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

/** What holds for every command: errors are thrown and reported in one place, help shows the global flags. */
function settle(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) settle(child);
}
