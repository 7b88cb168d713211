import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How much of what a server says for people is kept, in characters. */
const MAX_SAID = 2_000;

/** A server as a child process, which is asked in lines of JSON. */
export class LineClient {
  #child;
  #closed;
  #rest = '';
  #count = 0;
  #waiting = new Map();
  #onNotification;
  #said = '';
  /** Why it answers nothing any more. */
  #end;

  /**
   * @param args what Node is started with
   * @param onNotification is called with each message that answers nothing
   */
  constructor(args, onNotification = () => {}) {
    this.#onNotification = onNotification;
    this.#child = spawn(process.execPath, args, { stdio: 'pipe' });
    this.#closed = once(this.#child, 'close').then(([code, signal]) => {
      this.#end = new Error(`${args.join(' ')} ended with ${code ?? signal}: ${this.#said.trim()}`);
      for (const { reject } of this.#waiting.values()) reject(this.#end);
      this.#waiting.clear();
    });
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#said = (this.#said + text).slice(-MAX_SAID);
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text) => this.#read(text));
  }

  get pid() {
    return this.#child.pid;
  }

  /** The result of one request. */
  async ask(method, params) {
    const [result] = await this.askAll([{ method, params }]);
    return result;
  }

  /** The results of several, sent in one piece. */
  async askAll(requests) {
    if (this.#end !== undefined) throw this.#end;
    const lines = [];
    const results = requests.map(({ method, params }) => {
      const id = this.#count;
      this.#count += 1;
      lines.push(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    });
    this.#child.stdin.write(lines.join(''));
    return Promise.all(results);
  }

  tell(method) {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`);
  }

  async end() {
    this.#child.stdin.end();
    await this.#closed;
  }

  #read(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line);
      const { id, result, error } = message;
      if (id === undefined) {
        this.#onNotification(message);
        continue;
      }
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error || result?.isError) waiting?.reject(new Error(line));
      else waiting?.resolve(result);
    }
  }
}

/** Milliseconds from starting a server to its answers to the requests with which a client begins. */
export async function firstAnswer(args, ...requests) {
  const started = performance.now();
  const client = new LineClient(args);
  await client.askAll(requests);
  const time = performance.now() - started;
  await client.end();
  return time;
}

/**
 * Calls a second, each after the answer to the one before it.
 * @param request the same each time, or a function that gives the next one
 */
export async function sequentially(client, request, count) {
  const requests = someOf(request, count);
  const started = performance.now();
  for (const { method, params } of requests) await client.ask(method, params);
  return count / ((performance.now() - started) / 1000);
}

/** The same, all sent in one piece. */
export async function pipelined(client, request, count) {
  const requests = someOf(request, count);
  const started = performance.now();
  await client.askAll(requests);
  return count / ((performance.now() - started) / 1000);
}

function someOf(request, count) {
  return Array.from({ length: count }, () => (typeof request === 'function' ? request() : request));
}
