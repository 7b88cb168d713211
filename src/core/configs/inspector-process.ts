import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { programFile } from '../lib/program.ts';
import { MAX_SEMI_SPACE_FLAG } from '../process/detached-process.ts';
import { childProcessIdentity } from '../process/identity.ts';
import { killTree } from '../process/process-tree.ts';
import { FREE } from './scraper-protocol.ts';

/** The largest response, in bytes. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
/** Enough for the largest page that is fetched. */
const MAX_MEMORY_MB = 1024;

/** The last line that answers a question, or how the process ended without one. */
export type InspectorAnswer = { line: string } | { ending: string };

interface Asked {
  onLine(line: string): boolean;
  settle(answer: InspectorAnswer): void;
  line: string;
}

/**
 * A process that answers questions about configurations and pages (scrape/inspector), one at a time: one question, or,
 * with `stays`, one after the other.
 */
export class InspectorProcess {
  readonly #child: ChildProcess;
  readonly #stays: boolean;
  #asked: Asked | undefined;
  #unread = '';
  #isFree = false;
  #isUsed = false;
  #isTooLong = false;
  /** Called when a process that stays can take another question. */
  onFree: () => void = () => {};

  constructor({ stays = false }: { stays?: boolean } = {}) {
    const program = programFile('config');
    const flags = [MAX_SEMI_SPACE_FLAG, `--max-old-space-size=${MAX_MEMORY_MB}`];
    this.#stays = stays;
    this.#child = spawn(process.execPath, [...flags, program, ...(stays ? ['--stay'] : [])], {
      // The caller's working directory may no longer exist.
      cwd: dirname(program),
      // All messages are in the response; a stack trace could contain a secret.
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
      windowsHide: true,
    });
    // It has ended: the event that follows says so.
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.once('error', ({ message }) => this.#end(`could not be started: ${message}`));
    this.#child.once('close', (code, signal) => this.#end(this.#describeEnd(code, signal)));
  }

  /** Whether it can take a question. */
  get isFree(): boolean {
    return this.#isFree;
  }

  /** Whether it has answered a question. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /**
   * Asks a question. The promise never rejects.
   * @param onLine receives each line; returns whether it belongs to what precedes the answer
   */
  ask(question: string, onLine: (line: string) => boolean): Promise<InspectorAnswer> {
    return new Promise((settle) => {
      this.#isFree = false;
      this.#asked = { onLine, settle, line: '' };
      this.#hold(true);
      if (this.#stays) this.#child.stdin?.write(`${question}\n`);
      else this.#child.stdin?.end(question);
    });
  }

  /** Ends it at once, with all processes that it has started. */
  kill(): void {
    const { pid } = this.#child;
    if (pid !== undefined) killTree({ leaders: [childProcessIdentity(pid)], mark: randomUUID() });
  }

  /** Lets it end: no question follows. */
  dismiss(): void {
    this.#isFree = false;
    this.#child.stdin?.end();
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#unread.length <= MAX_RESPONSE_BYTES) return;
    this.#isTooLong = true;
    this.#unread = '';
    this.kill();
  }

  #take(line: string): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    if (this.#stays && line === FREE) {
      this.#isFree = true;
      this.#isUsed = true;
      this.#hold(false);
      this.onFree();
      this.#settle({ line: asked.line });
    } else if (!asked.onLine(line)) asked.line = line;
  }

  #end(ending: string): void {
    this.#isFree = false;
    const line = this.#asked?.line || this.#unread;
    this.#settle(line === '' || this.#isTooLong ? { ending } : { line });
  }

  #settle(answer: InspectorAnswer): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.settle(answer);
  }

  /** An idle process does not keep this one alive. */
  #hold(holds: boolean): void {
    for (const each of [this.#child, this.#child.stdin, this.#child.stdout] as Partial<ChildProcess>[])
      each[holds ? 'ref' : 'unref']?.();
  }

  #describeEnd(code: number | null, signal: string | null): string {
    if (this.#isTooLong) return `gave an answer of more than ${MAX_RESPONSE_BYTES / 1024 / 1024} MB`;
    // V8 aborts when its memory limit is reached.
    if (signal === 'SIGABRT') return `ended early, most likely for more than ${MAX_MEMORY_MB} MB of memory`;
    if (signal !== null) return `was ended by ${signal}`;
    return `ended with exit code ${code ?? 'unknown'} and no answer`;
  }
}
