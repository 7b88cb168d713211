import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RemoteHome } from '../fs/homes-file.ts';
import { asRecord, tryParseJson } from '../lib/json.ts';
import type { OperationInput, OperationOutput } from '../operations/call-operation.ts';
import type { OperationName } from '../operations/operations.ts';
import { sshArguments } from './ssh-command.ts';
import { notOurProgram, remoteError, sshEnded, sshMissing } from './ssh-errors.ts';

/**
 * What the server there may do: a login with ssh allows all of it anyway. Private hosts and output folders would have to
 * be named.
 */
const SERVER = ['rpc', '--allow-commands', '--allow-requests'];

/** The most of ssh's messages that are kept, in characters. */
const MAX_STDERR = 16_384;
/** Lines before the first answer that are no messages: what the shell there prints at its start. */
const MAX_NOISE = 100;

/** A change in the home, as the server announces it. */
export interface RemoteChange {
  kind: string;
  params: Record<string, unknown>;
}

interface Call {
  method: string;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface ConnectionOptions {
  /** Nothing may be asked, such as a password. */
  isBatch?: boolean;
  /** How long to wait for the connection, in seconds. */
  connectSeconds?: number;
}

/**
 * A connection to the operations of a home on another machine: `ssh HOST quickscrape rpc`, in a process that ends with
 * {@link close}.
 */
export class RemoteConnection {
  readonly #home: RemoteHome;
  #onChange: ((change: RemoteChange) => void) | undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #stderr = '';
  #noise: string[] = [];
  #wasConnected = false;
  /** Why no further call is possible. */
  #lost: unknown;
  /** Rejects when the connection is lost. */
  readonly lost: Promise<never>;
  #reportLost: (error: unknown) => void = () => {};

  constructor(home: RemoteHome, { isBatch, connectSeconds }: ConnectionOptions = {}) {
    this.#home = home;
    this.lost = new Promise((_, reject) => {
      this.#reportLost = reject;
    });
    this.lost.catch(() => {});
    const args = sshArguments(home.ssh, SERVER, {
      ...(isBatch && { isBatch }),
      ...(connectSeconds !== undefined && { connectSeconds }),
    });
    this.#child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const { stdin, stdout, stderr } = this.#child;
    // Its end is reported by the process.
    stdin.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR);
    });
    createInterface({ input: stdout }).on('line', (line) => this.#read(line));
    this.#child.on('error', (error) => this.#fail(sshMissing(home, error)));
    this.#child.on('close', (code) =>
      this.#fail(sshEnded(home, { code, stderr: this.#stderr, wasConnected: this.#wasConnected })),
    );
  }

  /** Whether a further call is possible. */
  get isOpen(): boolean {
    return this.#lost === undefined;
  }

  /**
   * Calls an operation.
   * @throws QuickscrapeError the operation's own errors; `store_unavailable` when the home cannot be reached
   */
  async call<N extends OperationName>(name: N, params: OperationInput<N>): Promise<OperationOutput<N>> {
    return (await this.#request(name, params)) as OperationOutput<N>;
  }

  /** Resolves when each later change of the home is reported. @throws as {@link call} */
  async subscribe(onChange: (change: RemoteChange) => void): Promise<void> {
    this.#onChange = onChange;
    await this.#request('subscribe', {});
  }

  /** Ends the connection. Runs that were started there go on. */
  close(): void {
    this.#lost ??= new Error('the connection is closed');
    this.#child.stdin.end();
    this.#child.kill('SIGTERM');
  }

  async #request(method: string, params: object): Promise<unknown> {
    if (this.#lost !== undefined) throw this.#lost;
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { method, resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  #read(line: string): void {
    const message = asRecord(tryParseJson(line));
    if (message['jsonrpc'] !== '2.0') {
      this.#ignore(line);
      return;
    }
    this.#wasConnected = true;
    if (typeof message['method'] === 'string') {
      this.#onChange?.({ kind: message['method'], params: asRecord(message['params']) });
      return;
    }
    const id = Number(message['id']);
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    if (message['error'] === undefined) call.resolve(message['result']);
    else call.reject(remoteError(this.#home, call.method, message['error']));
  }

  /** A shell may greet at its start; a program that only talks is none of ours. */
  #ignore(line: string): void {
    this.#noise.push(line);
    if (this.#wasConnected || this.#noise.length < MAX_NOISE) return;
    this.#fail(notOurProgram(this.#home, this.#noise[0] ?? ''));
    this.#child.kill('SIGTERM');
  }

  #fail(error: unknown): void {
    this.#lost ??= error;
    for (const { reject } of this.#calls.values()) reject(this.#lost);
    this.#calls.clear();
    this.#reportLost(this.#lost);
  }
}
