import { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { BACKGROUND_QUERY } from './background.ts';

const CSI = '\u001b[';

/** A frame: one string per screen line, styled by SGR sequences. No line is wider than the screen. */
type Frame = readonly string[];

/**
 * Returns the bytes that change the screen from `old` to `next`; an empty string when they are equal. Only lines that
 * differ are written, each at its own address, within one synchronized update (DEC private mode 2026) and with line
 * wrapping off. If `old` is undefined, the screen's content is unknown and each of its `rows` is written. The screen as
 * a whole is never cleared, because that flickers (docs/contributing/adr/0007).
 */
export function paint(old: Frame | undefined, next: Frame, rows: number): string {
  let bytes = '';
  for (let row = 0; row < rows; row += 1) {
    const line = next[row] ?? '';
    if (old !== undefined && line === (old[row] ?? '')) continue;
    // The line is cleared first. Only the terminal decides whether a line reaches the last cell, because its character
    // widths may differ from those computed here.
    bytes += `${CSI}${row + 1};1H${CSI}0m${CSI}K${onlyStyles(line)}`;
  }
  if (bytes === '') return '';
  return `${CSI}?2026h${CSI}?7l${bytes}${CSI}0m${CSI}?7h${CSI}?2026l`;
}

/** The last safeguard before the terminal: only text and SGR sequences pass. */
function onlyStyles(line: string): string {
  return line.replaceAll(NOT_OURS, (found) =>
    found.endsWith('m') && SGR_ALONE.test(found) ? found : '\ufffd',
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const NOT_OURS = /\u001b\[[\d;:]*m|[\u0000-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const SGR_ALONE = /^\u001b\[[\d;:]*m$/;

/** A cell of the screen; both numbers count from 0. */
interface CursorPosition {
  row: number;
  column: number;
}

const INVERSE = '\u001b[7m';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const SGR = /\u001b\[[\d;:]*m/g;
/** The frame to the left of all content in a dialog. */
const FRAMED = /[│|]/;

/**
 * Finds the user's position in a frame: the selected row, or the cursor cell of a field; both are inverse. If a dialog
 * covers other rows, it is the position in the dialog. In a list below a field, it is the position in the list.
 * `undefined` when nothing is selected.
 */
export function findCursor(frame: Frame): CursorPosition | undefined {
  const found = frame.flatMap((line, row) => {
    const at = line.indexOf(INVERSE);
    if (at < 0) return [];
    const before = line.slice(0, at).replaceAll(SGR, '');
    return [{ row, column: displayWidth(before), isFramed: FRAMED.test(before) }];
  });
  const place = found.findLast(({ isFramed }) => isFramed) ?? found.at(-1);
  return place && { row: place.row, column: place.column };
}

/**
 * Resets modes that an earlier program may have left set, especially a killed editor: line drawing, colours, insert
 * mode, mouse and focus reports.
 */
const AFRESH =
  '\u000f\u001b(B\u001b[0m\u001b[4l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1004l\u001b[?1006l';
/** Resets a scroll region, and addresses relative to it. Each reset moves the cursor. */
const WHOLE_SCREEN = '\u001b[?6l\u001b[r';
// On both screens: the terminal saves the first screen's modes and cursor while the second is shown.
const ENTER = `\u001b7\u001b[r\u001b8${AFRESH}\u001b[?1049h${AFRESH}${WHOLE_SCREEN}\u001b[?25l\u001b[?2004h`;
// The Linux console has no alternate screen. There the shell's prompt must appear below the drawing.
const LAST_LINE = '\u001b[999;1H\r\n';
const LEAVE = `\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?1006l\u001b[?1002l\u001b[?2004l${LAST_LINE}\u001b[?25h\u001b[?1049l`;
const MOUSE_ON = '\u001b[?1002h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1002l';

const CURSOR_ON = '\u001b[?25h';

/** The cursor's position while nothing is selected: below the header, because logs are read from their top. */
const BELOW_HEADER: CursorPosition = { row: 1, column: 0 };

function placed(cursor: CursorPosition): string {
  return `\u001b[${cursor.row + 1};${cursor.column + 1}H`;
}

/** XTWINOPS: pushes the window's title onto the terminal's stack, and restores it from there. */
const TITLE_KEPT = '\u001b[22;0t';
const TITLE_BACK = '\u001b[23;0t';
/** Leaves the screen of a dashboard that could not do so itself. */
export const LEAVE_FOR_IT = `${LEAVE}${TITLE_BACK}`;

function titleOn(title: string | undefined): string {
  return title === undefined ? '' : `${TITLE_KEPT}\u001b]2;${sanitizeText(title)}\u0007`;
}

/** Whether a terminal supports titles. The Linux console would show parts of the sequence. */
export function hasTitle({ TERM }: NodeJS.ProcessEnv): boolean {
  return TERM !== undefined && TERM !== '' && TERM !== 'dumb' && !TERM.startsWith('linux');
}

/** The terminal's size. */
interface Size {
  columns: number;
  rows: number;
}

/**
 * The alternate screen of a terminal. Ink renders whole frames into {@link Screen.canvas}; the screen paints only the
 * differences from the shown frame. While the screen is left (before {@link Screen.enter}, during an editor), nothing
 * is painted.
 */
export class Screen {
  /** A replacement for stdout: each write is a frame. */
  readonly canvas: NodeJS.WriteStream;
  readonly #out: NodeJS.WriteStream;
  #shown: Frame | undefined;
  #next: Frame | undefined;
  #painting: NodeJS.Immediate | undefined;
  readonly #title: string | undefined;
  readonly #showsCursor: boolean;
  #asksBackground: boolean;
  #cursor: CursorPosition | undefined;
  #entered = false;
  #mouse: boolean;

  /**
   * @param title the window's title while the screen is entered; without one the title stays unchanged
   * @param asksBackground whether the terminal is asked for its background when the screen is first entered
   * @param cursor whether the terminal's cursor is visible; visible or not, it is placed at the selection
   */
  constructor(
    out: NodeJS.WriteStream,
    {
      mouse,
      title,
      asksBackground = false,
      cursor = false,
    }: { mouse: boolean; title?: string | undefined; asksBackground?: boolean; cursor?: boolean },
  ) {
    this.#asksBackground = asksBackground;
    this.#showsCursor = cursor;
    this.#out = out;
    this.#mouse = mouse;
    this.#title = title;
    this.canvas = this.#makeCanvas();
  }

  get size(): Size {
    return { columns: this.#out.columns || 80, rows: this.#out.rows || 24 };
  }

  /** Whether the screen is drawn. While it is left, another program uses the terminal. */
  get isEntered(): boolean {
    return this.#entered;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#shown = undefined;
    this.#cursor = undefined;
    this.#out.write(
      (this.#asksBackground ? BACKGROUND_QUERY : '') +
        ENTER +
        (this.#showsCursor ? CURSOR_ON : '') +
        (this.#mouse ? MOUSE_ON : '') +
        titleOn(this.#title),
    );
    this.#asksBackground = false;
    this.#schedule();
  }

  /** Restores the terminal. Synchronous, so that it works in an exit handler; calling it twice is harmless. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    clearImmediate(this.#painting);
    this.#painting = undefined;
    try {
      writeSync(
        (this.#out as unknown as { fd: number }).fd,
        (this.#title === undefined ? '' : TITLE_BACK) + LEAVE,
      );
    } catch {
      // The terminal is gone, so there is nothing to restore.
    }
  }

  /** Called when the terminal's size changes: the shown content is unknown, and the current frame does not fit. */
  resized(): void {
    this.#shown = undefined;
    this.#next = undefined;
  }

  /** Turns mouse reports on or off. While they are on, selecting text needs the Shift key. */
  useMouse(on: boolean): void {
    if (on === this.#mouse) return;
    this.#mouse = on;
    if (this.#entered) this.#out.write(on ? MOUSE_ON : MOUSE_OFF);
  }

  /** Sends a sequence without visible output, such as one for the clipboard. */
  send(sequence: string): void {
    if (this.#entered) this.#out.write(sequence);
  }

  #schedule(): void {
    if (this.#entered && this.#painting === undefined)
      this.#painting = setImmediate(() => {
        this.#painting = undefined;
        this.#paint();
      });
  }

  #paint(): void {
    if (this.#next === undefined) return;
    const bytes = paint(this.#shown, this.#next, this.size.rows);
    this.#shown = this.#next;
    const cursor = findCursor(this.#next) ?? BELOW_HEADER;
    const hasMoved = cursor.row !== this.#cursor?.row || cursor.column !== this.#cursor?.column;
    this.#cursor = cursor;
    if (bytes !== '' || hasMoved) this.#out.write(bytes + placed(cursor));
  }

  #makeCanvas(): NodeJS.WriteStream {
    const size = () => this.size;
    const canvas = Object.assign(new EventEmitter(), {
      isTTY: true,
      write: (chunk: unknown, ...rest: unknown[]) => {
        // Ink also hides and shows the cursor; the screen controls it instead.
        if (typeof chunk === 'string' && chunk !== '' && !CURSOR.test(chunk)) {
          this.#next = chunk.split('\n');
          this.#schedule();
        }
        const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
        done?.();
        return true;
      },
    });
    Object.defineProperty(canvas, 'columns', { get: () => size().columns });
    Object.defineProperty(canvas, 'rows', { get: () => size().rows });
    return canvas as unknown as NodeJS.WriteStream;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CURSOR = /^\u001b\[\?\d+[hl]$/;
