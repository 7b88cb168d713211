/** Terminals refuse longer ones; xterm's limit. */
const MAX_BYTES = 74_994;

/**
 * The sequence (OSC 52) that puts a text on the clipboard of the terminal's machine, also over SSH; `undefined` when
 * the text is too long for it.
 */
export function clipboardSequence(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const data = Buffer.from(text, 'utf8').toString('base64');
  if (data.length > MAX_BYTES) return undefined;
  const sequence = `\u001b]52;c;${data}\u0007`;
  // tmux hands on what is wrapped for it, with each escape doubled.
  return env['TMUX'] ? `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : sequence;
}
