import * as vscode from 'vscode';
import { describeError } from './failures.ts';
import type { Invocation } from './invocation.ts';
import type { Run } from './live-jobs.ts';
import { followProgram } from './run-program.ts';

const MAX_LINES = '10000';

/** The log of one run at a time in an output channel, as it is written. */
export class RunLog implements vscode.Disposable {
  readonly #readInvocation: () => Invocation;
  readonly #channel = vscode.window.createOutputChannel('QuickScrape', 'log');
  #following: AbortController | undefined;

  constructor(readInvocation: () => Invocation) {
    this.#readInvocation = readInvocation;
  }

  /** Shows the log from its start. Resolves when the run has ended, or another log is shown. */
  async show({ run_id: runId, job_id: jobId }: Run): Promise<void> {
    const controller = this.#restart();
    this.#channel.appendLine(`Run ${runId} of ${jobId}`);
    const args = ['job', 'logs', jobId, '--run', runId, '--lines', MAX_LINES, '--follow'];
    const onLine = (line: unknown) => {
      if (!controller.signal.aborted) this.#channel.appendLine(logLine(String(line)));
    };
    try {
      await followProgram(this.#readInvocation(), args, onLine, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) this.#channel.appendLine(describeError(error));
    }
  }

  /** Shows lines in place of a log. */
  showLines(lines: readonly string[]): void {
    this.#restart();
    for (const line of lines) this.#channel.appendLine(logLine(line));
  }

  dispose(): void {
    this.#following?.abort();
    this.#channel.dispose();
  }

  #restart(): AbortController {
    this.#following?.abort();
    const controller = new AbortController();
    this.#following = controller;
    this.#channel.clear();
    this.#channel.show(true);
    return controller;
  }
}

/** Log lines repeat texts of pages: control characters are shown as what they are. */
function logLine(line: string): string {
  return line.replaceAll(/(?!\t)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
