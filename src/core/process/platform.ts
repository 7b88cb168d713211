/**
 * What the system offers. Only `src/core/process` and `src/core/fs` ask which system it is (test/lint/platforms.test.ts);
 * other code asks these rooms for what it needs. A decision takes the platform as an argument, so that tests on one
 * system cover all of them.
 */

/** The user whose rights this process has; `undefined` on Windows, which has no user ids. */
export function currentUserId(): number | undefined {
  return process.geteuid?.();
}

/** Whether this process may do everything: it runs as the administrator `root`. */
export function isRoot(): boolean {
  return currentUserId() === 0;
}

/** Whether the shell can stop a program and continue it later (Ctrl-Z, `fg`). Windows has no such signals. */
export function hasJobControl(platform: string = process.platform): boolean {
  return platform !== 'win32';
}

const STOP = 'SIGTSTP';

/**
 * Runs `work` with the default reaction to the terminal's stop signal: the process stops at once, as without a
 * listener.
 */
export function withDefaultStopSignal<T>(work: () => T): T {
  const listeners = process.listeners(STOP);
  for (const listener of listeners) process.off(STOP, listener);
  try {
    return work();
  } finally {
    for (const listener of listeners) process.on(STOP, listener);
  }
}

/** Stops this process with its whole group, like Ctrl-Z in a plain program; the shell continues it. */
export function stopProcessGroup(): void {
  withDefaultStopSignal(() => process.kill(0, STOP));
}

/** Ends this process in the way in which a closed terminal ends a program. Does nothing on Windows. */
export function hangUp(platform: string = process.platform): void {
  if (platform === 'win32') return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** The program that opens an address in the user's browser. */
export function browserOpener(platform: string = process.platform): string {
  if (platform === 'darwin') return 'open';
  return platform === 'win32' ? 'explorer.exe' : 'xdg-open';
}

/** The program that shows a message on the user's desktop; `undefined` on Windows, which has none. */
export function desktopProgram(platform: string = process.platform): 'notify-send' | 'osascript' | undefined {
  if (platform === 'win32') return undefined;
  return platform === 'darwin' ? 'osascript' : 'notify-send';
}
