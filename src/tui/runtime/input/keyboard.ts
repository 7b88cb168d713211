import { type Input, keyInput, type MouseInput, type PasteInput } from '../../ui/input.ts';
import type { Background } from '../../ui/styles.ts';
import { readBackground } from '../terminal/background.ts';
import { DoubleClicks } from './double-click.ts';
import { BY_LETTER, BY_NUMBER, isControl, nameOfChar, withModifiers } from './key-names.ts';

/** The keyboard reader. While it is paused, another program, such as an editor, uses the keyboard. */
export interface Keyboard {
  pause(): void;
  resume(): void;
  /** Pauses, and takes the listeners away. */
  close(): void;
}

/** After this many milliseconds without further input, a lone escape is the Esc key, and a paste is complete. */
const ESCAPE_TIMEOUT_MS = { escape: 50, paste: 1000 };

/**
 * Reads keys from a terminal in raw mode until it is paused.
 * @param on.input called once per key, in order
 * @param on.background called when the terminal answers what its background is
 * @param on.end called when the terminal is gone
 */
export function listenToKeyboard(
  stdin: NodeJS.ReadStream,
  on: {
    readonly input: (input: Input) => void;
    readonly background: (background: Background) => void;
    readonly end: () => void;
  },
): Keyboard {
  const reader = new KeyReader(on.background);
  const clicks = new DoubleClicks();
  let timer: NodeJS.Timeout | undefined;
  const emit = (inputs: readonly Input[]) => {
    for (const input of inputs) on.input(clicks.mark(input, performance.now()));
  };
  const onData = (chunk: string) => {
    clearTimeout(timer);
    emit(reader.read(chunk));
    const { waiting } = reader;
    if (waiting !== undefined) timer = setTimeout(() => emit(reader.flush()), ESCAPE_TIMEOUT_MS[waiting]);
  };
  stdin.setEncoding('utf8');
  stdin.on('end', on.end);
  stdin.on('error', on.end);
  const pause = () => {
    clearTimeout(timer);
    stdin.off('data', onData);
    stdin.pause();
    setRaw(stdin, false);
  };
  return {
    pause,
    close() {
      pause();
      stdin.off('end', on.end);
      stdin.off('error', on.end);
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

const BUTTONS = ['left', 'middle', 'right', 'none'] as const;

/** Parses a mouse report in SGR form (xterm's mode 1006): `ESC [ < code ; column ; row M` or `m`. */
function readMouse(sequence: string): MouseInput | undefined {
  const [, code, column, row, end] = /^.\[<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence) ?? [];
  if (code === undefined) return undefined;
  const bits = Number(code);
  return {
    kind: 'mouse',
    what: whatOf(bits, end === 'm'),
    button: (bits & 64) === 0 ? (BUTTONS[bits & 3] ?? 'none') : 'none',
    column: Math.max(0, Number(column) - 1),
    row: Math.max(0, Number(row) - 1),
    shift: (bits & 4) !== 0,
    alt: (bits & 8) !== 0,
    ctrl: (bits & 16) !== 0,
  };
}

function whatOf(bits: number, released: boolean): MouseInput['what'] {
  if ((bits & 64) !== 0) return (bits & 1) === 0 ? 'wheel_up' : 'wheel_down';
  if ((bits & 32) !== 0) return 'drag';
  return released ? 'release' : 'press';
}

const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';
/** The rest of a longer paste is dropped. */
const MAX_PASTE_LENGTH = 1 << 20;
/** No sequence is longer; longer input is treated as noise. */
const MAX_SEQUENCE_LENGTH = 64;

/**
 * Converts terminal input to keys, pastes and mouse events. The result does not depend on how the text is split into
 * chunks, because incomplete input is buffered. Only time can show whether a lone escape is the Esc key. The owner
 * therefore calls {@link KeyReader.flush} when {@link KeyReader.waiting} does not change for a while.
 */
export class KeyReader {
  #rest = '';
  #pasted: string | undefined;
  readonly #onBackground: (background: Background) => void;

  /** @param onBackground called when the terminal answers what its background is, which no key does */
  constructor(onBackground: (background: Background) => void = () => {}) {
    this.#onBackground = onBackground;
  }

  /**
   * The kind of buffered input that may already be complete. It is an escape that may be the Esc key, or a paste whose
   * end may be lost.
   */
  get waiting(): 'escape' | 'paste' | undefined {
    if (this.#pasted !== undefined) return 'paste';
    return this.#rest === '' ? undefined : 'escape';
  }

  read(chunk: string): Input[] {
    this.#rest += chunk;
    const inputs: Input[] = [];
    while (this.#rest !== '') {
      const taken = this.#pasted === undefined ? this.#takeOne(inputs) : this.#takePaste(inputs);
      if (!taken) break;
    }
    return inputs;
  }

  /** Returns the buffered input as it is, because no more input came. */
  flush(): Input[] {
    const rest = this.#rest;
    this.#rest = '';
    if (this.#pasted !== undefined) return [this.#endPaste(rest)];
    if (rest === '\u001b') return [keyInput('escape')];
    if (rest === '\u001b\u001b') return [keyInput('escape'), keyInput('escape')];
    // `ESC [`, `ESC ]` and `ESC O` alone are keys with Alt. Longer ones are sequences that lost their end.
    return rest.length === 2 && rest.startsWith('\u001b') ? [altKey(rest.slice(1))] : [];
  }

  /** Takes one key from the buffer; returns false when it is incomplete. */
  #takeOne(inputs: Input[]): boolean {
    const text = this.#rest;
    if (text.startsWith(PASTE_BEGIN)) {
      this.#drop(PASTE_BEGIN.length);
      this.#pasted = '';
      return true;
    }
    const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
    if (first !== '\u001b') {
      // Half of a surrogate pair: the other half is in the next chunk.
      if (text.length === 1 && /[\ud800-\udbff]/.test(text)) return false;
      this.#drop(first.length);
      inputs.push(keyInput(nameOfChar(first), isControl(first) ? '' : first));
      return true;
    }
    return this.#takeEscaped(inputs);
  }

  #takeEscaped(inputs: Input[]): boolean {
    const answer = ANSWER.exec(this.#rest)?.[0];
    if (answer !== undefined) {
      this.#drop(answer.length);
      const background = readBackground(answer);
      if (background !== undefined) this.#onBackground(background);
      return true;
    }
    const sequence = SEQUENCE.exec(this.#rest)?.[0];
    if (sequence !== undefined) {
      this.#drop(sequence.length);
      const input = sequence.startsWith('\u001b\u001b') ? altOf(sequence.slice(1)) : inputOf(sequence);
      if (input !== undefined) inputs.push(input);
      return true;
    }
    if (this.#rest.length < MAX_SEQUENCE_LENGTH && INCOMPLETE.test(this.#rest)) return false;
    const broken = BROKEN.exec(this.#rest)?.[0];
    if (broken !== undefined) {
      this.#drop(broken.length);
      return true;
    }
    const next = String.fromCodePoint(this.#rest.codePointAt(1) ?? 0);
    // `ESC ESC x`: the first escape was the Esc key.
    if (next === '\u001b') {
      this.#drop(1);
      inputs.push(keyInput('escape'));
      return true;
    }
    if (/^[\ud800-\udbff]$/.test(next)) return false;
    this.#drop(1 + next.length);
    inputs.push(altKey(next));
    return true;
  }

  #takePaste(inputs: Input[]): boolean {
    const end = this.#rest.indexOf(PASTE_END);
    // The end marker may be split between chunks, so a possible beginning of it stays in the buffer.
    const until = end >= 0 ? end : Math.max(0, this.#rest.length - PASTE_END.length + 1);
    const room = MAX_PASTE_LENGTH - (this.#pasted?.length ?? 0);
    this.#pasted = (this.#pasted ?? '') + this.#rest.slice(0, Math.min(until, Math.max(0, room)));
    this.#drop(end >= 0 ? end + PASTE_END.length : until);
    if (end < 0) return false;
    inputs.push(this.#endPaste(''));
    return true;
  }

  #endPaste(rest: string): PasteInput {
    const text = (this.#pasted ?? '') + rest;
    this.#pasted = undefined;
    return { kind: 'paste', text: text.replaceAll(/\r\n?/g, '\n') };
  }

  #drop(length: number): void {
    this.#rest = this.#rest.slice(length);
  }
}

// ECMA-48: parameters, intermediates, a final letter; SS3 is one letter; the Linux console sends `ESC [ [ letter`.
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: escape is what this is about
const SEQUENCE = /^\u001b?\u001b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-Z\\-~]|O[1-9]?[A-Za-z])/;
const INCOMPLETE = /^\u001b?\u001b(?:\[\[?[0-?]*[ -/]*|O[1-9]?|\](?:\d+(?:;[\da-zA-Z:/]*\u001b?)?)?)?$/;
/** OSC: a number and a text, ended by BEL or ST. The text is that of a colour, so that typed keys are not swallowed. */
const ANSWER = /^\u001b\]\d+;[\da-zA-Z:/]*(?:\u0007|\u001b\\)/;
const BROKEN = /^\u001b?\u001b\[[0-?]+[ -/]*/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: the same

function inputOf(sequence: string): Input | undefined {
  const mouse = readMouse(sequence);
  if (mouse !== undefined) return mouse;
  const name = nameOfSequence(sequence);
  return name === undefined ? undefined : keyInput(name);
}

function altOf(sequence: string): Input | undefined {
  const name = nameOfSequence(sequence);
  return name === undefined ? undefined : keyInput(`alt+${name}`);
}

function nameOfSequence(sequence: string): string | undefined {
  const console = /\[\[([A-E])$/.exec(sequence)?.[1];
  if (console !== undefined) return `f${console.charCodeAt(0) - 64}`;
  const [, numbers = '', letter = ''] = /^.[[O]([\d;]*)(.)$/.exec(sequence) ?? [];
  const [first, second] = numbers.split(';').map(Number);
  const name = letter === '~' ? BY_NUMBER[first ?? 0] : BY_LETTER[letter];
  return name === undefined ? undefined : withModifiers(name, second || undefined);
}

function altKey(char: string) {
  return keyInput(`alt+${nameOfChar(char)}`);
}
