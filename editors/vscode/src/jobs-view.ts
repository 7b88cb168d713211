import * as vscode from 'vscode';
import { Disconnected, describeError } from './failures.ts';
import { isActive, type Job, type LiveJobs, type Run } from './live-jobs.ts';
import { isProblem, type Presented, presentJob, presentRun } from './present.ts';
import type { Session } from './session.ts';
import { ACTIONS, type Action } from './state-actions.ts';

export type JobNode = { kind: 'job'; job: Job };
export type RunNode = { kind: 'run'; run: Run };
export type TreeNode = JobNode | RunNode;
/** What one can do while there are no jobs to show. */
type ActionNode = { kind: 'action'; action: Action };
type ViewNode = TreeNode | ActionNode;

/** The tree of jobs and their last runs. */
export class JobsView implements vscode.TreeDataProvider<ViewNode>, vscode.Disposable {
  readonly #session: Session;
  readonly #jobs: LiveJobs;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ViewNode>;

  constructor(session: Session, jobs: LiveJobs) {
    this.#session = session;
    this.#jobs = jobs;
    this.#view = vscode.window.createTreeView('quickscrape.jobs', { treeDataProvider: this });
  }

  async getChildren(node?: ViewNode): Promise<ViewNode[]> {
    const { kind } = this.#session.state;
    if (kind !== 'ready') return ACTIONS[kind].map((action) => ({ kind: 'action', action }));
    try {
      if (node === undefined) return await this.#readJobs();
      if (node.kind !== 'job' || node.job.status === 'invalid') return [];
      const runs = await this.#jobs.runsOf(node.job.job_id);
      return runs.map((run) => ({ kind: 'run', run }));
    } catch (error) {
      // What has ended the session says so itself.
      if (!(error instanceof Disconnected)) this.#view.message = describeError(error);
      return [];
    }
  }

  getTreeItem(node: ViewNode): vscode.TreeItem {
    if (node.kind === 'action') return toActionItem(node.action);
    if (node.kind === 'job') {
      const { job } = node;
      const presented = presentJob(job, this.#jobs.activeRun(job.job_id));
      return toItem(`job ${job.job_id}`, presented, job.status !== 'invalid');
    }
    return toItem(`run ${node.run.run_id}`, presentRun(node.run), false);
  }

  getParent(): undefined {
    return undefined;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  showMessage(message: string): void {
    this.#view.message = message;
  }

  /** Takes back what the jobs before were shown with. */
  clear(): void {
    this.#view.badge = undefined;
  }

  /** The selected node, for a command of the palette. */
  get selected(): TreeNode | undefined {
    const [node] = this.#view.selection;
    return node?.kind === 'action' ? undefined : node;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }

  async #readJobs(): Promise<JobNode[]> {
    const jobs = await this.#jobs.jobs();
    const problems = jobs.filter(isProblem).length;
    this.#view.badge =
      problems === 0
        ? undefined
        : { value: problems, tooltip: `${problems} ${problems === 1 ? 'job needs' : 'jobs need'} attention` };
    this.#view.message = this.#session.state.message;
    return jobs.map((job) => ({ kind: 'job', job }));
  }
}

function toActionItem({ title, icon, command, argument }: Action): vscode.TreeItem {
  const item = new vscode.TreeItem(title);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.command = { title, command, ...(argument !== undefined && { arguments: [argument] }) };
  return item;
}

function toItem(id: string, presented: Presented, hasChildren: boolean): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(presented.label, hasChildren ? Collapsed : None);
  const { icon, color, description, tooltip, context } = presented;
  return Object.assign(item, {
    id,
    description,
    tooltip,
    contextValue: context,
    iconPath: new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color)),
  });
}

/** The job's active run, or that run itself. */
export function activeRunOf(node: TreeNode, jobs: LiveJobs): Run | undefined {
  if (node.kind === 'job') return jobs.activeRun(node.job.job_id);
  return isActive(node.run) ? node.run : undefined;
}
