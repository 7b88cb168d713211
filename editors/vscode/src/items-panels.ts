import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Invocation } from './invocation.ts';
import { type ItemsPage, itemsPage } from './items-page.ts';
import type { Run } from './live-jobs.ts';
import { runProgram } from './run-program.ts';

const MAX_ITEMS = 1_000;

/** The items of runs, each run in a tab of its own. */
export class ItemsPanels implements vscode.Disposable {
  readonly #readInvocation: () => Invocation;
  readonly #panels = new Map<string, vscode.WebviewPanel>();

  constructor(readInvocation: () => Invocation) {
    this.#readInvocation = readInvocation;
  }

  /** Reads the items and shows them; a tab that is open already is brought to the front with what there is now. */
  async show({ run_id: runId, job_id: jobId }: Run): Promise<void> {
    const limit = String(MAX_ITEMS);
    const answer = await runProgram(this.#readInvocation(), ['job', 'items', runId, '--limit', limit]);
    const { items, total } = answer as Omit<ItemsPage, 'title'>;
    const panel = this.#panels.get(runId) ?? this.#open(runId, jobId);
    const nonce = randomBytes(16).toString('base64');
    panel.webview.html = itemsPage(
      { title: panel.title, items, total: Math.max(total, items.length) },
      nonce,
    );
    panel.reveal();
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }

  #open(runId: string, jobId: string): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      'quickscrape.items',
      `Items of ${jobId}`,
      vscode.ViewColumn.Active,
      // Nothing of this machine is served to the page, and no script runs in it.
      {
        enableScripts: false,
        enableForms: false,
        enableCommandUris: false,
        enableFindWidget: true,
        localResourceRoots: [],
      },
    );
    this.#panels.set(runId, panel);
    panel.onDidDispose(() => this.#panels.delete(runId));
    return panel;
  }
}
