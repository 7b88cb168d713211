import { join } from 'node:path';
import * as vscode from 'vscode';
import { homeFolder, type Invocation } from './invocation.ts';
import type { ItemsPanels } from './items-panels.ts';
import { activeRunOf, type JobsView, type TreeNode } from './jobs-view.ts';
import type { LiveJobs, Run } from './live-jobs.ts';
import { confirm, showDone } from './messages.ts';
import type { RunLog } from './run-log.ts';
import type { Session } from './session.ts';

export interface JobCommandParts {
  session: Session;
  jobs: LiveJobs;
  view: JobsView;
  log: RunLog;
  items: ItemsPanels;
  readInvocation(): Invocation;
}

/** A command with the node of the tree that it was called on. */
type JobCommand = (node: TreeNode) => Promise<unknown>;

/** The commands on jobs and runs, by their names. A command of the palette acts on the node that is selected. */
export function jobCommands(parts: JobCommandParts): Record<string, (node?: TreeNode) => Promise<unknown>> {
  const { session, jobs, view, log, items } = parts;
  const shown = new Set<string>();

  const runOf = async (node: TreeNode): Promise<Run> => {
    if (node.kind === 'run') return node.run;
    const [run] = [activeRunOf(node, jobs), ...(await jobs.runsOf(node.job.job_id))].filter(
      (each) => each !== undefined,
    );
    if (run === undefined) throw new Error(`${node.job.job_id} has not run yet. Run it first.`);
    return run;
  };

  const onNode: Record<string, JobCommand> = {
    runJob: async (node) => {
      const { warnings } = await session.call('run_job', { job_id: jobIdOf(node) });
      // The same warning comes with each run: it is shown once.
      const news = warnings.filter((warning) => !shown.has(warning));
      for (const warning of news) shown.add(warning);
      if (news.length > 0) showDone(news.join(' '));
    },
    retryRun: async (node) => session.call('retry_run', { run_id: (await runOf(node)).run_id }),
    cancelRun: async (node) => {
      const run = activeRunOf(node, jobs) ?? (await runOf(node));
      const { warnings } = await session.call('cancel_run', { run_id: run.run_id });
      if (warnings.length > 0) showDone(warnings.join(' '));
    },
    enableJob: (node) => session.call('update_job', { job_id: jobIdOf(node), changes: { enabled: true } }),
    disableJob: (node) => session.call('update_job', { job_id: jobIdOf(node), changes: { enabled: false } }),
    deleteJob: async (node) => {
      const id = jobIdOf(node);
      const question = `Delete the job ${id}? It waits 30 days in the trash: "quickscrape job restore ${id}" brings it back.`;
      if (await confirm(question, 'Delete')) await session.call('delete_job', { job_id: id });
    },
    showLog: async (node) => {
      // Its end is waited for by nobody: a run may take hours.
      void log.show(await runOf(node));
    },
    showItems: async (node) => items.show(await runWithItems(node)),
    openOutput: async (node) => {
      const { output_path: path, job_id: id } = await runOf(node);
      if (path === null) throw new Error(`The run of ${id} has written no file.`);
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path));
    },
    openConfiguration: async (node) => {
      const name = node.kind === 'run' ? node.run.config_name : node.job.config_name;
      if (name === null) throw new Error(`${jobIdOf(node)} names no configuration. Open its job file.`);
      const { file } = await session.call('get_config', { config_name: name });
      await vscode.window.showTextDocument(vscode.Uri.file(file));
    },
    openJobFile: async (node) => {
      const file = join(homeFolder(parts.readInvocation()), 'jobs', `${jobIdOf(node)}.json`);
      await vscode.window.showTextDocument(vscode.Uri.file(file));
    },
  };

  /** Of a job its newest run that found something. */
  const runWithItems = async (node: TreeNode): Promise<Run> => {
    if (node.kind === 'run') return node.run;
    const runs = await jobs.runsOf(node.job.job_id);
    return runs.find((run) => run.items > 0) ?? runOf(node);
  };

  return Object.fromEntries(
    Object.entries(onNode).map(([name, command]) => [
      name,
      async (node?: TreeNode) => {
        const chosen = node ?? view.selected ?? (await pickJob(jobs));
        return chosen && command(chosen);
      },
    ]),
  );
}

async function pickJob(jobs: LiveJobs): Promise<TreeNode | undefined> {
  const choices = (await jobs.jobs()).map((job) => ({
    label: job.job_id,
    description: job.schedule ?? '',
    job,
  }));
  const chosen = await vscode.window.showQuickPick(choices, { placeHolder: 'Which job?' });
  return chosen && { kind: 'job', job: chosen.job };
}

function jobIdOf(node: TreeNode): string {
  return node.kind === 'job' ? node.job.job_id : node.run.job_id;
}
