import type { EffectContext } from './effect-context.ts';
import { withDefaultStopSignal } from './external-program.ts';

/** Without a shell that stops and continues jobs nothing stops us; then the screen is taken back after so long. */
const STOP_TIMEOUT_MS = 200;

/**
 * Follows a shell that stops and continues its jobs. A stop that the terminal itself asks for, as it does for a Ctrl-Z
 * that comes while it is not ours, gives it back as the key does; only `SIGSTOP` cannot be heard. Returns what ends this.
 */
export function handleShellSignals(context: EffectContext): () => void {
  const onStop = () => suspend(context);
  const onContinue = () => takeTerminal(context);
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onContinue);
  return () => {
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', onContinue);
  };
}

/** Gives the terminal to the shell and stops the whole process group, as the Ctrl-Z of a plain program does. */
export function suspend(context: EffectContext): void {
  const { screen, keyboard } = context;
  // A second Ctrl-Z in the same breath.
  if (!screen.isEntered) return;
  keyboard.pause();
  screen.leave();
  const resume = () => {
    clearTimeout(timer);
    process.off('SIGCONT', resume);
    // Not twice: while it is taken, what is typed is the terminal's for a moment.
    if (!screen.isEntered) takeTerminal(context);
  };
  process.on('SIGCONT', resume);
  const timer = setTimeout(resume, STOP_TIMEOUT_MS);
  withDefaultStopSignal(() => process.kill(0, 'SIGTSTP'));
}

/** Takes the terminal, whatever a shell or another program has made of it meanwhile. */
export function takeTerminal({ screen, keyboard, send }: EffectContext): void {
  // Before the keyboard: what is typed meanwhile is not to be shown by the terminal in the middle of the screen.
  screen.leave();
  // Node believes a terminal to be as it left it; only leaving raw mode makes it set that anew.
  keyboard.pause();
  keyboard.resume();
  screen.enter();
  send({ kind: 'resize', ...screen.size });
}
