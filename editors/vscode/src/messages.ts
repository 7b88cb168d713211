import * as vscode from 'vscode';
import { describeError, plainText } from './failures.ts';

/** Shows a failure of a command that a person called. */
export function showFailure(error: unknown): void {
  void vscode.window.showErrorMessage(describeError(error));
}

export function showDone(text: string): void {
  void vscode.window.showInformationMessage(plainText(text));
}

/** Asks before something that cannot be taken back. */
export async function confirm(question: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(plainText(question), { modal: true }, yes)) === yes;
}

/** Shows that something goes on, with a button that ends it. */
export function withCancelButton<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title: plainText(title), cancellable: true }, (_, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    return work(controller.signal);
  });
}
