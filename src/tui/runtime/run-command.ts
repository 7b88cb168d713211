import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { EffectOf } from '../kernel/model.ts';
import type { EffectContext } from './effect-context.ts';
import { describeEnd, describeStartError, holdTerminal, runArguments } from './external-program.ts';
import { takeTerminal } from './terminal/signals.ts';

/**
 * Runs a command of the user, without a shell. In the foreground it gets the terminal, and the dashboard waits for it.
 * In the background its last line is sent as a notice.
 * @throws QuickscrapeError `not_allowed` with `--read-only`, unless the command only reads
 */
export function runOwnCommand(effect: EffectOf<'run_command'>, context: EffectContext): void {
  const { id, title, argv, background, readsOnly } = effect;
  if (context.readOnly && !readsOnly)
    throw new QuickscrapeError('not_allowed', `${title}: not with --read-only.`);
  if (background) {
    runInBackground(effect, context);
    return;
  }
  const { screen, keyboard } = context;
  keyboard.pause();
  screen.leave();
  const { problem, hasRun } = runArguments(argv);
  if (problem !== undefined && hasRun) holdTerminal(`${title}: ${problem}`);
  takeTerminal(context);
  if (problem !== undefined)
    context.send({ kind: 'said', tone: 'bad', text: `${title}: ${problem}`, subject: id });
}

function runInBackground({ id, title, argv }: EffectOf<'run_command'>, { send }: EffectContext): void {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Without a terminal: a question, such as that of sudo, would break the screen and take keys away.
    detached: true,
    windowsHide: true,
  });
  const [printed, complained] = [lastLineOf(child.stdout), lastLineOf(child.stderr)];
  let hasStarted = true;
  child.on('error', (error: NodeJS.ErrnoException) => {
    hasStarted = false;
    send({ kind: 'said', tone: 'bad', text: `${title}: ${describeStartError(program, error)}`, subject: id });
  });
  child.on('close', (code, signal) => {
    if (!hasStarted) return;
    const isGood = code === 0;
    const end = isGood ? printed() || 'done.' : describeEnd(program, code, signal);
    const why = isGood ? '' : complained() || printed();
    const text = `${title}: ${end}${why === '' ? '' : `: ${why}`}`;
    send({ kind: 'said', tone: isGood ? 'good' : 'bad', text, subject: id });
  });
  letDashboardEnd(child);
}

/** Only the end of what a program prints is shown. */
const MAX_KEPT = 4096;

function lastLineOf(stream: Readable): () => string {
  let kept = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    kept = `${kept}${text}`.slice(-MAX_KEPT);
  });
  return () => kept.trim().split('\n').at(-1)?.trim() ?? '';
}

/** The dashboard does not wait for the command when it is left. */
function letDashboardEnd(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
}
