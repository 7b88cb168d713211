import { startProgram } from '../../program.ts';
import { waitFor } from '../../wait-for.ts';
import { clientOf, type RpcClient } from '../json-rpc/rpc-client.ts';

/** The eras of the protocol: with a handshake (until 2025-11-25), and with all that matters in each request (2026-07-28). */
export const ERAS = ['legacy', 'modern'] as const;
export type Era = (typeof ERAS)[number];

type Fields = Record<string, unknown>;

export interface RawOptions {
  home: string;
  args?: string[];
  env?: Record<string, string>;
  /** How it says that it can ask a person, if it does. */
  elicits?: Fields;
  /** The extensions that it says it knows. */
  extensions?: Fields;
  /** The revision of the protocol that it offers in the legacy era. */
  revision?: string;
}

const CLIENT = { name: 'raw client', version: '1.0' };

/** What no client of an SDK sends: messages on the stdin of a real `quickscrape mcp`, as the test writes them. */
export class RawClient {
  readonly wire: RpcClient;
  readonly #era: Era;
  readonly #capabilities: Fields;

  constructor(era: Era, wire: RpcClient, capabilities: Fields) {
    this.#era = era;
    this.wire = wire;
    this.#capabilities = capabilities;
  }

  /** The params as this era wants them. */
  params(params: Fields = {}): Fields {
    if (this.#era === 'legacy') return params;
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': this.#capabilities,
      'io.modelcontextprotocol/clientInfo': CLIENT,
    };
    return { ...params, _meta: envelope };
  }

  /** The text of a request. */
  request(id: string | number, method: string, params?: Fields): string {
    return JSON.stringify({ jsonrpc: '2.0', id, method, params: this.params(params) });
  }

  /** Sends a call of a tool. */
  send(id: string | number, tool: string, params: Fields = {}): void {
    this.wire.send(this.request(id, 'tools/call', { name: tool, arguments: params }));
  }

  /** The result of a call of a tool. */
  async call(tool: string, params: Fields = {}): Promise<Fields> {
    return this.wire.call('tools/call', this.params({ name: tool, arguments: params }));
  }

  /** The answers by their ids. */
  answers(): Map<unknown, Fields> {
    const messages = this.wire.messages().flat() as unknown as Fields[];
    return new Map(messages.filter(({ method }) => method === undefined).map((one) => [one['id'], one]));
  }

  /** The structured answer to a call that was sent. */
  async answerTo(id: string | number): Promise<Fields> {
    const answer = await waitFor(`the answer to ${id}`, () => this.answers().get(id));
    return (answer['result'] as { structuredContent: Fields }).structuredContent;
  }

  /** Opens the connection as clients of this era do. */
  async open(revision = '2025-11-25'): Promise<this> {
    if (this.#era === 'modern') await this.wire.call('server/discover', this.params());
    else {
      const hello = {
        protocolVersion: revision,
        capabilities: this.#capabilities,
        clientInfo: CLIENT,
      };
      await this.wire.call('initialize', hello);
      this.wire.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    }
    return this;
  }
}

/** Starts a server and opens a connection; it has ended when the test has. */
export async function openRaw(era: Era, options: RawOptions): Promise<RawClient> {
  const { home, args = [], env = {}, elicits, extensions, revision } = options;
  const wire = clientOf(startProgram(['mcp', ...args], { home, env }));
  const capabilities = {
    ...(elicits !== undefined && { elicitation: elicits }),
    ...(extensions !== undefined && { extensions }),
  };
  return new RawClient(era, wire, capabilities).open(revision);
}
