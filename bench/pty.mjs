import { readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';

/** A Node program in a pseudo-terminal of 120 × 40, and all that it writes. Linux only, where its CPU time is read. */
export class Pty {
  raw = '';
  #pty;
  #exited;
  #listeners = new Set();

  constructor(args) {
    const { CI: _ci, NO_COLOR: _color, FORCE_COLOR: _force, ...env } = process.env;
    this.#pty = spawn(process.execPath, args, {
      cols: 120,
      rows: 40,
      name: 'xterm-256color',
      env: { ...env, LANG: 'C.UTF-8', NODE_ENV: 'production' },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      for (const listener of this.#listeners) listener();
    });
    this.#exited = new Promise((resolve) => this.#pty.onExit(resolve));
  }

  send(keys) {
    this.#pty.write(keys);
  }

  resize(columns, rows) {
    this.#pty.resize(columns, rows);
  }

  /** Resolves as soon as it has written `text` since `from`, a length of {@link raw}. */
  async seen(text, from = 0, ms = 30_000) {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${JSON.stringify(text)}`)), ms);
      const look = () => {
        if (!this.raw.slice(from).includes(text)) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Milliseconds of processor time that it has used. */
  cpuMs() {
    const fields = readFileSync(`/proc/${this.#pty.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  async end() {
    this.#pty.kill('SIGKILL');
    await this.#exited;
  }

  /** Waits until it has ended by itself. */
  async over() {
    await this.#exited;
  }
}
