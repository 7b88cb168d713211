/** Terminals reject longer texts; this is xterm's limit. */
const MAX_BYTES = 74_994;

/**
 * Returns the sequence (OSC 52) that copies a text to the clipboard of the terminal's machine, also over SSH;
 * `undefined` when the text is too long.
 */
export function clipboardSequence(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const data = Buffer.from(text, 'utf8').toString('base64');
  if (data.length > MAX_BYTES) return undefined;
  const sequence = `\u001b]52;c;${data}\u0007`;
  // tmux passes a wrapped sequence on if each escape in it is doubled.
  return env['TMUX'] ? `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : sequence;
}
