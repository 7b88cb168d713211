import type { EffectContext } from './effect-context.ts';
import { withDefaultStopSignal } from './external-program.ts';

/** Without a shell with job control the process is not stopped. The screen is then taken back after this time. */
const STOP_TIMEOUT_MS = 200;

/**
 * Handles a shell that stops and continues its jobs. The terminal itself can also request a stop, for example for a
 * Ctrl-Z while another program uses it. Such a stop gives the terminal back, like the key. Only `SIGSTOP` cannot be
 * handled. Returns the function that removes the handlers.
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

/** Gives the terminal to the shell and stops the whole process group, like Ctrl-Z in a plain program. */
export function suspend(context: EffectContext): void {
  const { screen, keyboard } = context;
  // The screen was left already by an earlier Ctrl-Z.
  if (!screen.isEntered) return;
  keyboard.pause();
  screen.leave();
  const resume = () => {
    clearTimeout(timer);
    process.off('SIGCONT', resume);
    // Must not run twice: while the terminal is taken, it is briefly out of raw mode and echoes typed characters.
    if (!screen.isEntered) takeTerminal(context);
  };
  process.on('SIGCONT', resume);
  const timer = setTimeout(resume, STOP_TIMEOUT_MS);
  withDefaultStopSignal(() => process.kill(0, 'SIGTSTP'));
}

/** Takes the terminal again, whatever modes a shell or another program has set. */
export function takeTerminal({ screen, keyboard, send }: EffectContext): void {
  // Before the keyboard is paused: otherwise the terminal would echo typed characters in the middle of the screen.
  screen.leave();
  // Node assumes that the terminal is in the mode that Node last set. Only leaving raw mode first makes Node set it
  // again.
  keyboard.pause();
  keyboard.resume();
  screen.enter();
  send({ kind: 'resize', ...screen.size });
}
