import { execa } from 'execa';
import { escapeHtml } from '../../core/lib/escape-html.ts';
import { desktopProgram } from '../../core/process/platform.ts';
import { toPlainText } from '../text/plain-text.ts';
import { TEXT_LIMITS } from '../text/text-limits.ts';
import type { Deliver, Delivery } from './delivery.ts';

const TIMEOUT_MS = 10_000;

/** The texts are arguments, so that no part of them is read as AppleScript. */
const APPLE_SCRIPT = [
  'on run argv',
  'display notification (item 2 of argv) with title (item 1 of argv)',
  'end run',
];

/** Shows a message on the desktop of the user: by notify-send (freedesktop.org), or on macOS by osascript. */
export const showOnDesktop: Deliver<'desktop'> = async (_, { text }, signal) => {
  const body = toPlainText(text, TEXT_LIMITS.desktop);
  const desktop = desktopProgram();
  if (desktop === 'osascript')
    return run('osascript', [...APPLE_SCRIPT.flatMap((line) => ['-e', line]), text.title, body], signal);
  if (desktop === undefined)
    return { isSent: false, isFinal: true, error: 'desktop messages are not supported on Windows' };
  // Some desktops read a little markup in the body.
  return run('notify-send', ['--app-name=QuickScrape Jobs', '--', text.title, escapeHtml(body)], signal);
};

async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<Delivery> {
  const result = await execa(program, args, {
    reject: false,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
    stdin: 'ignore',
  });
  if (!result.failed) return { isSent: true };
  if (result.code === 'ENOENT')
    return { isSent: false, error: `${program} is not installed (Debian: apt install libnotify-bin)` };
  return {
    isSent: false,
    error: `${program}: ${String(result.stderr || result.shortMessage).slice(0, 200)}`,
  };
}
