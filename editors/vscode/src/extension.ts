import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { ConfigCompletion } from './config-completion.ts';
import { ConfigDiagnostics } from './config-diagnostics.ts';
import { isConfiguration, isStored } from './config-documents.ts';
import { homeCommands } from './home-commands.ts';
import { type Invocation, toInvocation } from './invocation.ts';
import { ItemsPanels } from './items-panels.ts';
import { jobCommands } from './job-commands.ts';
import { JobsView } from './jobs-view.ts';
import { LiveJobs } from './live-jobs.ts';
import { showFailure } from './messages.ts';
import { RunLog } from './run-log.ts';
import { SchedulerStatus } from './scheduler-status.ts';
import type { JsonSchema } from './schema-choices.ts';
import { SelectorHints } from './selector-hints.ts';
import { Session, type SessionKind, type SessionState } from './session.ts';

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const own = new Session(readInvocation, { onState, onNotification });
  session = own;
  const jobs = new LiveJobs(own, () => view.refresh());
  const view = new JobsView(own, jobs);
  const log = new RunLog(readInvocation);
  const items = new ItemsPanels(readInvocation);
  const scheduler = new SchedulerStatus(own);
  const diagnostics = new ConfigDiagnostics(own);
  const hints = new SelectorHints(own, readInvocation);
  const completion = new ConfigCompletion(readSchema(context), readInvocation);

  let shown: SessionKind | undefined;
  function onState(state: SessionState): void {
    view.showMessage(state.message);
    // A slow answer changes the message only: asking anew would make it slower.
    if (state.kind === shown) return;
    shown = state.kind;
    void vscode.commands.executeCommand('setContext', 'quickscrape.state', state.kind);
    view.clear();
    jobs.reset();
    if (state.kind !== 'ready') {
      scheduler.hide();
      return;
    }
    void scheduler.refresh();
    for (const document of vscode.workspace.textDocuments) examine(document);
  }

  function onNotification(method: string, params: unknown): void {
    jobs.notify(method, params);
    if (method !== 'run_progress') void scheduler.refresh();
    // A run that has ended may have kept another page.
    if (method === 'run_changed') for (const document of vscode.workspace.textDocuments) countIn(document);
  }

  function examine(document: vscode.TextDocument): void {
    if (own.state.kind !== 'ready' || !isConfiguration(document, readInvocation())) return;
    diagnostics.check(document);
    countIn(document);
  }

  function countIn(document: vscode.TextDocument): void {
    const invocation = readInvocation();
    if (isConfiguration(document, invocation) && isStored(document, invocation)) hints.count(document);
  }

  function showWhatIsOpen(editor: vscode.TextEditor | undefined): void {
    const isConfig = editor !== undefined && isConfiguration(editor.document, readInvocation());
    void vscode.commands.executeCommand('setContext', 'quickscrape.isConfiguration', isConfig);
  }

  const commands = {
    ...jobCommands({ session: own, jobs, view, log, items, readInvocation }),
    ...homeCommands({ session: own, log, readInvocation }),
    refresh: async () => jobs.reset(),
    tryConfiguration: () => hints.tryOnLivePage(),
  };
  const yaml: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.{yaml,yml}' };
  context.subscriptions.push(
    view,
    jobs,
    log,
    items,
    scheduler,
    diagnostics,
    hints,
    ...Object.entries(commands).map(([name, command]) => registerCommand(name, command)),
    vscode.languages.registerInlayHintsProvider(yaml, hints),
    vscode.languages.registerCompletionItemProvider(yaml, completion, ' '),
    vscode.workspace.onDidOpenTextDocument(examine),
    vscode.workspace.onDidChangeTextDocument(({ document }) => examine(document)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      diagnostics.forget(document);
      hints.forget(document);
    }),
    vscode.window.onDidChangeActiveTextEditor(showWhatIsOpen),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('quickscrape')) void own.restart();
    }),
    // The settings of a folder count once it is trusted.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void own.restart()),
  );
  showWhatIsOpen(vscode.window.activeTextEditor);
  void own.restart();
}

/** VS Code waits for what this returns. */
export function deactivate(): Promise<void> | undefined {
  return session?.close();
}

function readInvocation(): Invocation {
  const settings = vscode.workspace.getConfiguration('quickscrape');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return toInvocation(settings.get('command', ['quickscrape']), settings.get('home', ''), folder);
}

function readSchema({ extensionUri }: vscode.ExtensionContext): JsonSchema {
  const file = vscode.Uri.joinPath(extensionUri, 'schemas', 'configuration.schema.json').fsPath;
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** A failure is shown once, in one message. */
function registerCommand<A extends unknown[]>(
  name: string,
  command: (...args: A) => Promise<unknown>,
): vscode.Disposable {
  return vscode.commands.registerCommand(`quickscrape.${name}`, async (...args: A) => {
    try {
      await command(...args);
    } catch (error) {
      showFailure(error);
    }
  });
}
