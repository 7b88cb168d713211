import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { JSONRPCClient, JSONRPCErrorException, type JSONRPCResponse } from 'json-rpc-2.0';
import type { RemoteHome } from '../../core/fs/homes-file.ts';
import { asRecord, tryParseJson } from '../../core/lib/json.ts';
import type { OperationInput, OperationOutput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/operations.ts';
import { sshArguments } from '../../core/remote/ssh-command.ts';
import { noAnswer, notOurProgram, remoteError, sshEnded, sshMissing } from '../../core/remote/ssh-errors.ts';

/**
 * What the server there may do: a login with ssh allows all of it anyway. Private hosts and output folders would have to
 * be named.
 */
const SERVER = ['rpc', '--allow-commands', '--allow-requests'];

/**
 * How long the program there may take to answer its first call, in seconds: longer than a server of ssh leaves a person
 * to type a password (LoginGraceTime, two minutes).
 */
const ANSWER_SECONDS = 150;

/** The most of ssh's messages that are kept, in characters. */
const MAX_STDERR = 16_384;
/** Lines before the first answer that are no messages: what the shell there prints at its start. */
const MAX_NOISE = 100;
/** What ssh says before it asks for a password again. */
const TRY_AGAIN = /please try again/;

/** A change in the home, as the server announces it. */
export interface RemoteChange {
  kind: string;
  params: Record<string, unknown>;
}

export interface ConnectionOptions {
  /** Nothing may be asked, such as a password. */
  isBatch?: boolean;
  /** How long to wait for the connection, in seconds. */
  connectSeconds?: number;
  /** How long to wait for the first answer, in seconds. */
  answerSeconds?: number;
  /** Shows a line that ssh says to the person who types a password. */
  onRefusal?(line: string): void;
}

/**
 * A connection to the operations of a home on another machine: `ssh HOST quickscrape rpc`, in a process that ends with
 * {@link close}.
 */
export class RemoteConnection {
  readonly #home: RemoteHome;
  #onChange: ((change: RemoteChange) => void) | undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #client = new JSONRPCClient((request) => {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
  });
  #stderr = '';
  #noise: string[] = [];
  #wasConnected = false;
  /** Until the first answer. */
  readonly #timer: NodeJS.Timeout;
  /** Why no further call is possible. */
  #lost: unknown;
  /** Rejects when the connection is lost. */
  readonly lost: Promise<never>;
  #reportLost: (error: unknown) => void = () => {};

  constructor(home: RemoteHome, options: ConnectionOptions = {}) {
    const { isBatch, connectSeconds, answerSeconds = ANSWER_SECONDS, onRefusal } = options;
    this.#home = home;
    this.lost = new Promise((_, reject) => {
      this.#reportLost = reject;
    });
    this.lost.catch(() => {});
    const args = sshArguments(home.ssh, [...SERVER, '--hints-for', home.name], {
      ...(isBatch && { isBatch }),
      ...(connectSeconds !== undefined && { connectSeconds }),
    });
    this.#child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const { stdin, stdout, stderr } = this.#child;
    // Its end is reported by the process.
    stdin.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR);
      for (const line of text.split(/\r?\n/)) if (TRY_AGAIN.test(line)) onRefusal?.(line);
    });
    createInterface({ input: stdout }).on('line', (line) => this.#read(line));
    this.#timer = setTimeout(() => this.#end(noAnswer(home, answerSeconds)), answerSeconds * 1000);
    this.#child.on('error', (error) => this.#fail(sshMissing(home, error)));
    this.#child.on('close', (code) =>
      this.#fail(sshEnded(home, { code, stderr: this.#stderr, wasConnected: this.#wasConnected })),
    );
  }

  /** Whether a further call is possible. */
  get isOpen(): boolean {
    return this.#lost === undefined;
  }

  /** Whether the program there had answered, and no further call is possible. */
  get wasLost(): boolean {
    return this.#wasConnected && !this.isOpen;
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
    clearTimeout(this.#timer);
    this.#child.stdin.end();
    this.#child.kill('SIGTERM');
  }

  async #request(method: string, params: object): Promise<unknown> {
    if (this.#lost !== undefined) throw this.#lost;
    try {
      return await this.#client.request(method, params);
    } catch (error) {
      if (this.#lost !== undefined) throw this.#lost;
      throw error instanceof JSONRPCErrorException ? remoteError(this.#home, method, error) : error;
    }
  }

  #read(line: string): void {
    const message = asRecord(tryParseJson(line));
    if (message['jsonrpc'] !== '2.0') {
      this.#ignore(line);
      return;
    }
    this.#wasConnected = true;
    clearTimeout(this.#timer);
    if (typeof message['method'] === 'string') {
      this.#onChange?.({ kind: message['method'], params: asRecord(message['params']) });
      return;
    }
    this.#client.receive(message as unknown as JSONRPCResponse);
  }

  /** A shell may greet at its start; a program that only talks is none of ours. */
  #ignore(line: string): void {
    this.#noise.push(line);
    if (this.#wasConnected || this.#noise.length < MAX_NOISE) return;
    this.#end(notOurProgram(this.#home, this.#noise[0] ?? ''));
  }

  #end(error: unknown): void {
    this.#fail(error);
    this.#child.kill('SIGTERM');
  }

  #fail(error: unknown): void {
    this.#lost ??= error;
    clearTimeout(this.#timer);
    this.#client.rejectAllPendingRequests('the connection is lost');
    this.#reportLost(this.#lost);
  }
}
