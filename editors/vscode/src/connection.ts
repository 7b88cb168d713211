import { execa } from 'execa';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { OperationInput, OperationOutput } from '../../../src/core/operations/call-operation.ts';
import type { OperationName } from '../../../src/core/operations/operations.ts';
import { Disconnected, type Ending, ProgramError } from './failures.ts';
import { commandLine, type Invocation } from './invocation.ts';

export interface ConnectionEvents {
  onNotification(method: string, params: unknown): void;
  /** Called once, when the program has ended or is of no use; never after `close`. */
  onEnd(ending: Ending): void;
}

/** How much of the program's stderr is kept, in characters. */
const STDERR_LENGTH = 4_000;
/** How long the program may take to end once its input has ended, in milliseconds; VS Code waits for 5 s in all. */
const CLOSE_TIMEOUT_MS = 2_000;

/** One `quickscrape rpc`, from its start to its end. */
export class Connection {
  readonly #program: string;
  readonly #events: ConnectionEvents;
  readonly #child;
  readonly #rpc: MessageConnection;
  #stderr = '';
  #hasEnded = false;
  /** Rejected when the program ends; a call that waits then ends, too. */
  readonly #lost: Promise<never>;
  #lose: () => void = () => {};

  constructor(invocation: Invocation, events: ConnectionEvents) {
    const [program, args] = commandLine(invocation, ['rpc', '--framing', 'content-length']);
    this.#program = invocation.command.join(' ');
    this.#events = events;
    this.#lost = new Promise((_, reject) => {
      this.#lose = () => reject(new Disconnected('quickscrape has ended'));
    });
    this.#lost.catch(() => {});
    this.#child = execa(program, args, { stdin: 'pipe', buffer: false, reject: false });
    const { stdin, stdout, stderr } = this.#child;
    // A program that has ended cannot be written to; its end says why.
    stdin.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_LENGTH);
    });
    stdout.once('data', (bytes: Buffer) => {
      // Without a header the reader would wait for one without an end.
      if (!/^Content-/i.test(bytes.toString('utf8', 0, 8))) this.#discard(bytes.toString());
    });
    this.#rpc = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#rpc.onNotification((method, params) => {
      if (!this.#hasEnded) events.onNotification(method, params);
    });
    this.#rpc.onError(([error, message]) => {
      // What cannot be written went to a program that has ended; its end says why.
      if (message === undefined) this.#discard(error.message);
    });
    this.#rpc.listen();
    void this.#child.then(({ exitCode, signal, code, shortMessage }) => {
      this.#end(
        exitCode === undefined && signal === undefined
          ? { kind: 'missing', program: this.#program, reason: code ?? shortMessage ?? '' }
          : { kind: 'exited', program: this.#program, code: exitCode, signal, stderr: this.#stderr },
      );
    });
  }

  /**
   * @throws ProgramError when the program refuses
   * @throws Disconnected when it has ended
   */
  async call<N extends OperationName>(
    name: N,
    params: OperationInput<N>,
    signal?: AbortSignal,
  ): Promise<OperationOutput<N>> {
    return (await this.request(name, params, signal)) as OperationOutput<N>;
  }

  /** The same for methods that are no operations. */
  async request(method: string, params: object, signal?: AbortSignal): Promise<unknown> {
    if (this.#hasEnded) throw new Disconnected('quickscrape is not connected');
    const source = new CancellationTokenSource();
    const cancel = () => source.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const answer = this.#rpc.sendRequest(method, params, source.token);
      return await Promise.race([answer, this.#lost]);
    } catch (error) {
      if (error instanceof ResponseError) throw new ProgramError(error.message, error.data ?? {});
      throw error instanceof Disconnected ? error : new Disconnected((error as Error).message);
    } finally {
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  /** Ends the program: what it was asked is answered, and runs that it started go on. */
  async close(): Promise<void> {
    this.#settle();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    this.#child.stdin.end();
    await this.#child;
    clearTimeout(timer);
  }

  #discard(text: string): void {
    this.#end({ kind: 'rubbish', program: this.#program, text });
    this.#child.kill('SIGKILL');
  }

  #end(ending: Ending): void {
    if (this.#settle()) this.#events.onEnd(ending);
  }

  #settle(): boolean {
    if (this.#hasEnded) return false;
    this.#hasEnded = true;
    this.#lose();
    this.#rpc.dispose();
    return true;
  }
}
