import * as vscode from 'vscode';
import { ProgramError } from './failures.ts';
import type { Invocation } from './invocation.ts';
import { confirm, showDone, withCancelButton } from './messages.ts';
import type { RunLog } from './run-log.ts';
import { runProgram } from './run-program.ts';
import type { Session } from './session.ts';

export interface HomeCommandParts {
  session: Session;
  log: RunLog;
  readInvocation(): Invocation;
}

interface Finding {
  status: 'ok' | 'warning' | 'problem';
  message: string;
  fix?: string | null;
}

/** The commands on the home, by their names. */
export function homeCommands({
  session,
  log,
  readInvocation,
}: HomeCommandParts): Record<string, () => Promise<unknown>> {
  return {
    reconnect: () => session.restart(),
    createHome: async () => {
      const { home } = (await runProgram(readInvocation(), ['init'])) as { home: string };
      showDone(`Made the home ${home}`);
      await session.restart();
    },
    startScheduler: () => session.call('start_scheduler', {}),
    stopScheduler: async () => {
      const question = 'Stop the scheduler? No job starts by itself until it is started again.';
      if (!(await confirm(question, 'Stop'))) return;
      const { running } = await session.call('stop_scheduler', { wait_seconds: 5 });
      if (running) showDone('The scheduler stops once the active runs have ended.');
    },
    showDoctor: async () => {
      const report = (await runProgram(readInvocation(), ['doctor'])) as { findings: Finding[] };
      const told = report.findings.filter(({ status }) => status !== 'ok');
      const lines = told.flatMap(({ status, message, fix }) => [
        `[${status}] ${message}`,
        ...(fix ? [`    ${fix}`] : []),
      ]);
      log.showLines(lines.length === 0 ? ['Nothing is wrong with the home and the system.'] : lines);
    },
    newConfiguration: () => createConfiguration(readInvocation),
  };
}

/** Finds what repeats on a page, stores it as a configuration and opens it. */
async function createConfiguration(readInvocation: () => Invocation): Promise<void> {
  const url = await vscode.window.showInputBox({
    title: 'New configuration from URL',
    prompt: 'A page with what you want: a list of products, articles or offers',
    placeHolder: 'https://shop.example/books',
    validateInput: (text) =>
      /^\S+\.\S+$|^https?:\/\/\S+$/.test(text.trim())
        ? undefined
        : 'An address, such as https://shop.example/books',
  });
  if (url === undefined) return;
  try {
    const made = await withCancelButton(`Reading ${url}`, (signal) =>
      runProgram(readInvocation(), ['wizard', url.trim(), '--yes'], signal),
    );
    const { config_name: name, file, items } = made as { config_name: string; file: string; items: number };
    await vscode.window.showTextDocument(vscode.Uri.file(file));
    showDone(`Made the configuration ${name}: ${items} items on the first page. Keep what you want of it.`);
  } catch (error) {
    if (!(error instanceof ProgramError) || error.message !== 'cancelled') throw error;
  }
}
