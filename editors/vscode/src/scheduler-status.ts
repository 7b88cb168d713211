import * as vscode from 'vscode';
import type { OperationOutput } from '../../../src/core/operations/call-operation.ts';
import { plainText } from './failures.ts';
import type { Caller } from './live-jobs.ts';
import { formatInstant } from './present.ts';

/** Says in the status bar whether jobs start by themselves. */
export class SchedulerStatus implements vscode.Disposable {
  readonly #caller: Caller;
  readonly #item = vscode.window.createStatusBarItem(
    'quickscrape.scheduler',
    vscode.StatusBarAlignment.Left,
    0,
  );

  constructor(caller: Caller) {
    this.#caller = caller;
    this.#item.name = 'QuickScrape scheduler';
  }

  hide(): void {
    this.#item.hide();
  }

  async refresh(): Promise<void> {
    try {
      this.#show(await this.#caller.call('get_scheduler', {}));
    } catch {
      // The view says what is wrong.
      this.#item.hide();
    }
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(scheduler: OperationOutput<'get_scheduler'>): void {
    const { running, enabled, running_runs: runs, next_run: next, held, warnings } = scheduler;
    const isIdle = !running && enabled > 0;
    const isBad = isIdle || held !== null;
    this.#item.text = running
      ? `$(clock) ${runs > 0 ? `${runs} running` : 'QuickScrape'}`
      : '$(debug-pause) QuickScrape';
    const state = running ? 'The scheduler runs.' : 'No scheduler runs: jobs do not start by themselves.';
    const click = running ? 'Click to stop it.' : 'Click to start it.';
    const upcoming = running && next !== null ? `The next run starts ${formatInstant(next)}.` : undefined;
    const lines = [state, upcoming, held, ...warnings, click];
    this.#item.tooltip = lines.flatMap((line) => (line ? plainText(line) : [])).join('\n');
    this.#item.command = running ? 'quickscrape.stopScheduler' : 'quickscrape.startScheduler';
    this.#item.backgroundColor = isBad ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}
