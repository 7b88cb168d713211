import type { Surroundings } from './surroundings.ts';

/** Without a shell that stops and continues jobs nothing stops us; then the screen is taken back after so long. */
const NOT_STOPPED_MS = 200;

/** Gives the terminal to the shell and stops the whole process group, as the Ctrl-Z of a plain program does. */
export function suspend(surroundings: Surroundings): void {
  const { screen, keyboard } = surroundings;
  keyboard.pause();
  screen.leave();
  const resume = () => {
    clearTimeout(timer);
    process.off('SIGCONT', resume);
    takeTerminal(surroundings);
  };
  process.on('SIGCONT', resume);
  const timer = setTimeout(resume, NOT_STOPPED_MS);
  process.kill(0, 'SIGTSTP');
}

/** Takes the terminal, whatever a shell or another program has made of it meanwhile. */
export function takeTerminal({ screen, keyboard, send }: Surroundings): void {
  // Node believes a terminal to be as it left it; only leaving raw mode makes it set that anew.
  keyboard.pause();
  keyboard.resume();
  screen.leave();
  screen.enter();
  send({ kind: 'resize', ...screen.size });
}
