import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Framing } from '../../../src/rpc/json-rpc/serve-json-rpc.ts';
import { startProgram } from '../../program.ts';
import { waitFor } from '../../wait-for.ts';

export interface Message {
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: Record<string, unknown> };
}

/** A real `quickscrape rpc` and its one client. */
export interface RpcClient {
  child: ChildProcess;
  /** All that came on stdout; a batch's answer is a list. @throws Error at any byte that is not the protocol's */
  messages(): (Message | Message[])[];
  stderr(): string;
  /** Sends text as one message. */
  send(text: string): void;
  /** Writes bytes as they are. */
  write(bytes: string | Buffer): void;
  /** Sends a request and gives its whole answer. */
  ask(method: string, params?: object): Promise<Message>;
  /** Sends a request that must succeed, and gives its result. */
  call(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Sends a request that must fail, and gives the error. */
  refusal(method: string, params?: object): Promise<NonNullable<Message['error']>>;
  notified(what: string, is: (message: Message) => boolean): Promise<Message>;
  /** Ends the input, and tells how the program ended. */
  end(): Promise<{ code: number | null; ms: number }>;
  /** The exit code, `null` after a signal. */
  ended: Promise<number | null>;
}

export interface RpcOptions {
  home: string;
  args?: string[];
  framing?: Framing;
  env?: Record<string, string>;
}

export function startRpc({ home, args = [], framing = 'lines', env = {} }: RpcOptions): RpcClient {
  return clientOf(startProgram(['rpc', '--framing', framing, ...args], { home, env }), framing);
}

export function clientOf(child: ChildProcess, framing: Framing = 'lines'): RpcClient {
  let unread = Buffer.alloc(0);
  const chunks: Buffer[] = [];
  const read: (Message | Message[])[] = [];
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => chunks.push(data));
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdin?.on('error', () => {});
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const readOne = framing === 'lines' ? readLine : readContentLength;
  let count = 0;

  const messages = () => {
    if (chunks.length > 0) unread = Buffer.concat([unread, ...chunks.splice(0)]);
    for (let one = readOne(unread); one !== undefined; one = readOne(unread)) {
      unread = unread.subarray(one.size);
      read.push(JSON.parse(one.text));
    }
    return read;
  };
  const write = (bytes: string | Buffer) => void child.stdin?.write(bytes);
  const send = (text: string) =>
    write(framing === 'lines' ? `${text}\n` : `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  const message = (what: string, is: (message: Message) => boolean) =>
    waitFor(what, () => messages().flat().find(is)).catch((error) => {
      throw new Error(`${error.message}; stderr: ${stderr}`);
    });
  const ask = (method: string, params?: object) => {
    count += 1;
    const id = `call ${count}`;
    send(JSON.stringify({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) }));
    return message(`the answer to ${method}`, (one) => one.id === id);
  };

  return {
    child,
    messages,
    stderr: () => stderr,
    send,
    write,
    ask,
    async call(method, params) {
      const { result, error } = await ask(method, params);
      if (!result) throw new Error(`${method}: ${JSON.stringify(error)}`);
      return result;
    },
    async refusal(method, params) {
      const { error, result } = await ask(method, params);
      if (!error) throw new Error(`${method} was carried out: ${JSON.stringify(result)}`);
      return error;
    },
    notified: (what, is) => message(what, (one) => one.method !== undefined && is(one)),
    async end() {
      const start = performance.now();
      child.stdin?.end();
      const code = await ended;
      messages();
      if (unread.length > 0) throw new Error(`half a message: ${unread.subarray(0, 80)}`);
      return { code, ms: performance.now() - start };
    },
    ended,
  };
}

interface Read {
  text: string;
  size: number;
}

function readLine(bytes: Buffer): Read | undefined {
  const end = bytes.indexOf('\n');
  return end === -1 ? undefined : { text: bytes.toString('utf8', 0, end), size: end + 1 };
}

function readContentLength(bytes: Buffer): Read | undefined {
  if (bytes.length < 24) return undefined;
  const header = /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString('latin1', 0, 40));
  if (!header) throw new Error(`no header: ${bytes.subarray(0, 80)}`);
  const size = header[0].length + Number(header[1]);
  return bytes.length < size ? undefined : { text: bytes.toString('utf8', header[0].length, size), size };
}
