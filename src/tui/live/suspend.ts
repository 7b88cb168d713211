import type { Surroundings } from './surroundings.ts';

/** Without a shell that stops and continues jobs nothing stops us; then the screen is taken back after so long. */
const NOT_STOPPED_MS = 200;

/** Gives the terminal to the shell and stops the whole process group, as the Ctrl-Z of a plain program does. */
export function suspend({ screen, keyboard, send }: Surroundings): void {
  keyboard.pause();
  screen.leave();
  let back = false;
  const resume = () => {
    if (back) return;
    back = true;
    clearTimeout(timer);
    process.off('SIGCONT', resume);
    screen.enter();
    keyboard.resume();
    send({ kind: 'resize', ...screen.size });
  };
  process.once('SIGCONT', resume);
  const timer = setTimeout(resume, NOT_STOPPED_MS);
  process.kill(0, 'SIGTSTP');
}
