import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuMsOf, mbOf } from '../process-usage.mjs';

const QUICKSCRAPE = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A Node program in a process of its own, and what the system says of it. */
export class Program {
  #child;
  #said = '';
  #heard = () => {};

  /** @param args of node: a script and what it is given */
  constructor(args, env = {}) {
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        this.#said += text;
        this.#heard();
      });
    }
    this.#child.on('close', () => this.#heard());
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resolves with all that it has said once that holds `text`. */
  async said(text) {
    while (!this.#said.includes(text)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`a program ended before it said "${text}":\n${this.#said}`);
      await new Promise((heard) => {
        this.#heard = heard;
      });
    }
    return this.#said;
  }

  /** Processor time that its threads have used, in milliseconds. */
  cpuMs() {
    return cpuMsOf(this.pid);
  }

  /** What it has in memory now, in MB. */
  mb() {
    return mbOf(this.pid);
  }

  /** It stands still until {@link resume}: what is timed meanwhile has the machine to itself. */
  pause() {
    this.#child.kill('SIGSTOP');
  }

  resume() {
    this.#child.kill('SIGCONT');
  }

  /** As a service manager stops a scheduler: the next one does not come after a death, and need not check its database. */
  stop() {
    return this.#ended('SIGTERM');
  }

  /** At once: it has nothing that is worth its last words. */
  end() {
    return this.#ended('SIGKILL');
  }

  async #ended(signal) {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'close');
  }
}

/** `quickscrape scheduler run` on a home, with the time until it was ready. */
export async function startedScheduler(home, env) {
  const started = performance.now();
  const scheduler = new Program([QUICKSCRAPE, 'scheduler', 'run', '--home', home], env);
  await scheduler.said('scheduler started');
  return { scheduler, readyMs: performance.now() - started };
}

/** A program of bench/peers. */
export function peerProgram(name, ...args) {
  return peerProgramIn({}, name, ...args);
}

/** The same with something of its own in its environment. */
export function peerProgramIn(env, name, ...args) {
  const file = fileURLToPath(new URL(`../peers/${name}.mjs`, import.meta.url));
  return new Program([file, ...args.map(String)], env);
}
