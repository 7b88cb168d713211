import { type ChildProcess, spawn } from 'node:child_process';
import { programFile } from '../../core/lib/program.ts';
import { shellQuote } from '../../core/lib/shell-quote.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { SchedulerService } from '../../core/scheduler/scheduler-service.ts';
import type { CommandContext } from '../context/context.ts';
import { EXIT } from '../context/exit-codes.ts';
import { programInvocation } from './program-invocation.ts';

/**
 * Runs the scheduler in this process and the dashboard on its home in another one, until the user leaves it. In another
 * one, since an editor that is opened from the dashboard holds up all of its process; the bookshop goes on in this one.
 */
export async function demoLive(context: CommandContext, first: readonly string[]): Promise<number> {
  const workspace = await context.workspace();
  const { signal } = context.interrupt;
  const errorLines: string[] = [];
  const service = new SchedulerService(workspace, {
    log: (level, message) => {
      // The screen is the dashboard's for now. It has shown what a warning is about: one job fails on purpose.
      if (level === 'error') errorLines.push(`${level}: ${message}`);
    },
  });
  await service.start();
  let exitCode: number;
  try {
    for (const id of first) await context.call('run_job', { job_id: id });
    exitCode = await showDashboard(workspace.paths.home, context, signal);
  } finally {
    await service.stop();
  }
  for (const line of errorLines) context.printMessage(sanitizeText(line));
  context.printMessage(`Stopped. Everything is kept in ${sanitizeText(workspace.paths.home)}`);
  context.printMessage(
    `Look around: ${programInvocation()} tui --home ${shellQuote(sanitizeText(workspace.paths.home))}`,
  );
  return context.interrupt.code ?? exitCode;
}

/** Resolves with the dashboard's exit code. */
function showDashboard(home: string, { globals }: CommandContext, signal: AbortSignal): Promise<number> {
  const args = ['tui', '--home', home, ...(globals.color ? [] : ['--no-color'])];
  const child = spawn(process.execPath, [programFile('cli'), ...args], { stdio: 'inherit' });
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  return codeOf(child).finally(() => signal.removeEventListener('abort', end));
}

function codeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? EXIT.failed));
  });
}
