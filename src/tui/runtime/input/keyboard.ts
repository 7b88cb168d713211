import type { Input } from '../../ui/input.ts';
import { KeyReader } from './read-keys.ts';

/** After this many milliseconds without further input, a lone escape is the Esc key, and a paste is complete. */
const ESCAPE_TIMEOUT_MS = { escape: 50, paste: 1000 };

/** The keyboard reader. While it is paused, another program, such as an editor, uses the keyboard. */
export interface Keyboard {
  pause(): void;
  resume(): void;
}

/**
 * Reads keys from a terminal in raw mode until it is paused.
 * @param onInput called once per key, in order
 * @param onEnd called when the terminal is gone
 */
export function listenToKeyboard(
  stdin: NodeJS.ReadStream,
  onInput: (input: Input) => void,
  onEnd: () => void,
): Keyboard {
  const reader = new KeyReader();
  let timer: NodeJS.Timeout | undefined;
  const emit = (inputs: readonly Input[]) => {
    for (const input of inputs) onInput(input);
  };
  const onData = (chunk: string) => {
    clearTimeout(timer);
    emit(reader.read(chunk));
    const { waiting } = reader;
    if (waiting !== undefined) timer = setTimeout(() => emit(reader.flush()), ESCAPE_TIMEOUT_MS[waiting]);
  };
  stdin.setEncoding('utf8');
  stdin.on('end', onEnd);
  stdin.on('error', onEnd);
  return {
    pause() {
      clearTimeout(timer);
      stdin.off('data', onData);
      stdin.pause();
      setRaw(stdin, false);
    },
    resume() {
      setRaw(stdin, true);
      stdin.off('data', onData);
      stdin.on('data', onData);
      stdin.resume();
    },
  };
}

function setRaw(stdin: NodeJS.ReadStream, on: boolean): void {
  try {
    if (stdin.isTTY) stdin.setRawMode(on);
  } catch {
    // The terminal is gone.
  }
}
