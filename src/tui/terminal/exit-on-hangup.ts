import { isatty } from 'node:tty';

const KEYBOARD = 0;
const SCREEN = 1;

/**
 * Where the terminal is gone (its window was closed, the connection lost), ends this process by the hangup's own signal;
 * otherwise does nothing. A process that exits there is aborted by Node 20 with a core file, as it cannot give the
 * keyboard back.
 */
export function exitOnHangup(): void {
  if (isatty(KEYBOARD) && isatty(SCREEN)) return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
