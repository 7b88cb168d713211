import { spawnSync } from 'node:child_process';
import type { EffectOf } from '../kernel/model.ts';
import type { EffectContext } from './effect-context.ts';

/** Tells a dashboard on another machine that its terminal is in a tmux here, which it cannot ask. */
export const OUTER_TMUX_VARIABLE = 'QUICKSCRAPE_OUTER_TMUX';

/** Terminals reject longer texts; this is xterm's limit, of the text as Base64. */
const MAX_CLIPBOARD_BYTES = 74_994;
/** Of the text itself: Base64 makes four bytes of three. */
export const MAX_COPIED_BYTES = Math.floor(MAX_CLIPBOARD_BYTES / 4) * 3;
/** tmux answers at once, or hangs. */
const TMUX_TIMEOUT_MS = 2000;

/** Copies a text to the clipboard, and says so. */
export function copyText(
  { text, what }: Pick<EffectOf<'copy'>, 'text' | 'what'>,
  context: EffectContext,
): void {
  const { send } = context;
  const way = sendToClipboard(text, context);
  if (way !== undefined)
    send({ kind: 'said', tone: 'good', text: `Copied ${what}.${tmuxCondition(way, context)}` });
  else send({ kind: 'said', tone: 'warning', text: `${what}: too long for the terminal's clipboard.` });
}

/** How a text was copied: by the command of tmux, or through the terminal. */
type CopyWay = 'tmux' | 'terminal';

/** Copies a text to the clipboard. @returns how; `undefined` if it was too long */
export function sendToClipboard(
  text: string,
  { screen }: Pick<EffectContext, 'screen'>,
): CopyWay | undefined {
  const sequence = clipboardSequence(text, process.env);
  if (sequence === undefined) return undefined;
  if (giveToTmux(text, process.env)) return 'tmux';
  screen.send(sequence);
  return 'terminal';
}

/** Dashboards that have said on what a copy depends. */
const saidOfTmux = new WeakSet<EffectContext>();

/**
 * What has to be set for tmux to pass on a text that was copied through the terminal, at the first copy of a dashboard;
 * else empty.
 */
export function tmuxCondition(way: CopyWay, context: EffectContext): string {
  const { env } = process;
  const isInTmux = Boolean(env['TMUX'] || env[OUTER_TMUX_VARIABLE]);
  if (way === 'tmux' || !isInTmux || saidOfTmux.has(context)) return '';
  saidOfTmux.add(context);
  return ' tmux passes it on if set-clipboard is on.';
}

/**
 * Makes a text the newest buffer of tmux, which sends it to the clipboard of its terminal. By default, it takes that
 * from its own command only, and no sequence of a program (`set-clipboard external`).
 * @returns false without a tmux that can do this: the option `-w` is of tmux 3.2
 */
function giveToTmux(text: string, env: NodeJS.ProcessEnv): boolean {
  if (!env['TMUX']) return false;
  const { status } = spawnSync('tmux', ['load-buffer', '-w', '-'], {
    input: text,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: TMUX_TIMEOUT_MS,
  });
  return status === 0;
}

/**
 * Returns the sequence (OSC 52) that copies a text to the clipboard of the terminal's machine, also over SSH;
 * `undefined` when the text is too long.
 */
export function clipboardSequence(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const data = Buffer.from(text, 'utf8').toString('base64');
  if (data.length > MAX_CLIPBOARD_BYTES) return undefined;
  const sequence = `\u001b]52;c;${data}\u0007`;
  // tmux takes it with `set-clipboard on`; with `allow-passthrough on` it passes on one with each escape doubled.
  return env['TMUX'] || env[OUTER_TMUX_VARIABLE]
    ? `${sequence}\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`
    : sequence;
}
