import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { HANG_MS } from '../wait-for.ts';
import { type Cell, cellAt, svgOf } from './terminal-picture.ts';

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  /** On top of the caller's environment, from which CI and NO_COLOR are taken. `undefined` takes one away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** What the terminal answers when it is asked for its background; default: nothing, as some terminals do. */
  background?: 'dark' | 'light';
}

/**
 * A program in a pseudo-terminal, and a terminal emulator that shows what it writes.
 * Wait for texts, never for a time.
 */
export class PseudoTerminal {
  /** All bytes that the program has written, as text. */
  raw = '';
  readonly exited: Promise<{ exitCode: number; signal?: number | undefined }>;
  readonly #pty: IPty;
  readonly #background: TerminalOptions['background'];
  readonly #emulator: xterm.Terminal;

  constructor(command: string, args: readonly string[], options: TerminalOptions = {}) {
    const { columns = 100, rows = 30, env = {}, cwd, background } = options;
    this.#background = background;
    this.#emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.#pty = spawn(command, [...args], {
      cols: columns,
      rows,
      name: env['TERM'] ?? 'xterm-256color',
      env: environment(env),
      ...(cwd !== undefined && { cwd }),
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#emulator.write(data);
    });
    if (background !== undefined)
      this.#emulator.parser.registerOscHandler(11, () => {
        this.#pty.write(`\u001b]11;rgb:${background === 'light' ? 'ff/ff/ff' : '1e/1e/1e'}\u0007`);
        return true;
      });
    // What it wrote last is on the screen by then.
    this.exited = new Promise<Awaited<typeof this.exited>>((resolve) => {
      this.#pty.onExit(resolve);
    }).then((exit) => this.#drained().then(() => exit));
  }

  /** Ends the program, if it has not ended. */
  async close(): Promise<void> {
    this.kill('SIGKILL');
    await this.exited;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** The program draws on the alternate screen. */
  get onAlternateScreen(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  /** Types: `j`, `\r`, `\u001b[A`. */
  send(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
    this.#emulator.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    try {
      this.#pty.kill(signal);
    } catch {
      // It has ended.
    }
  }

  /** What the screen shows, a string a line, without blanks at the ends. */
  async lines(): Promise<string[]> {
    await this.#drained();
    const buffer = this.#emulator.buffer.active;
    return Array.from(
      { length: this.#emulator.rows },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    );
  }

  async text(): Promise<string> {
    return (await this.lines()).join('\n');
  }

  /** Waits until the screen shows a text, and returns what it shows. */
  async waitFor(what: string | RegExp | ((screen: string) => boolean)): Promise<string> {
    const end = performance.now() + HANG_MS;
    for (;;) {
      const screen = await this.text();
      if (!this.#isPainting() && matches(screen, what)) return screen;
      if (performance.now() > end)
        throw new Error(`waited in vain for ${String(what)}; on the screen:\n${screen}`);
      await delay(15);
    }
  }

  /** Waits until the program has written something that matches since `from`, a length of {@link raw}. */
  async waitForBytes(what: string, from = 0): Promise<void> {
    const end = performance.now() + HANG_MS;
    while (!this.raw.slice(from).includes(what)) {
      if (performance.now() > end) throw new Error(`waited in vain for ${JSON.stringify(what)}`);
      await delay(10);
    }
  }

  /** A cell's character and style; column and row count from 0. */
  async cell(column: number, row: number): Promise<Cell | undefined> {
    await this.#drained();
    return cellAt(this.#emulator, column, row);
  }

  /** Writes a picture of the screen to a PNG file, to be looked at. */
  async picture(file: string, look = { light: this.#background === 'light' }): Promise<void> {
    await this.#drained();
    const { Resvg } = await import('@resvg/resvg-js');
    const font = { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono' };
    writeFileSync(file, new Resvg(svgOf(this.#emulator, look), { font }).render().asPng());
  }

  /** Milliseconds of processor time that the program itself has used, from /proc. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Memory that the program holds, in MiB, from /proc. */
  residentMb(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]) / 1024;
  }

  /** Half of a frame has come: a terminal shows it once the synchronized update has ended. */
  #isPainting(): boolean {
    return this.raw.lastIndexOf('\u001b[?2026h') > this.raw.lastIndexOf('\u001b[?2026l');
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => this.#emulator.write('', resolve));
  }
}

function matches(screen: string, what: string | RegExp | ((screen: string) => boolean)): boolean {
  if (typeof what === 'string') return screen.includes(what);
  return typeof what === 'function' ? what(screen) : what.test(screen);
}

function environment(own: Record<string, string | undefined>): Record<string, string> {
  const { CI: _ci, NO_COLOR: _color, FORCE_COLOR: _force, ...inherited } = process.env;
  const all = {
    ...inherited,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...own,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
