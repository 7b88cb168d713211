import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server';

/** What has been asked and not answered on one connection: by the client, and of it. */
export class PendingRequests {
  /** How often each id waits: a client that uses one twice gets two answers. */
  readonly #byClient = new Map<RequestId, number>();
  readonly #ofClient = new Set<RequestId>();
  #count = 0;

  /** The client has asked for something that is going to be answered. */
  askedByClient(id: RequestId): void {
    this.#byClient.set(id, (this.#byClient.get(id) ?? 0) + 1);
    this.#count += 1;
  }

  /** The client has been answered, or does not want the answer any more. */
  settled(id: RequestId): void {
    const waiting = this.#byClient.get(id) ?? 0;
    if (waiting > 0) this.#count -= 1;
    const left = waiting - 1;
    if (left > 0) this.#byClient.set(id, left);
    else this.#byClient.delete(id);
  }

  /** How many requests of the client wait for their answers. */
  get count(): number {
    return this.#count;
  }

  /** What the client waits for, each as often as it does. */
  unanswered(): RequestId[] {
    return [...this.#byClient].flatMap(([id, times]) => Array<RequestId>(times).fill(id));
  }

  askedOfClient(id: RequestId): void {
    this.#ofClient.add(id);
  }

  answeredByClient(id: RequestId): void {
    this.#ofClient.delete(id);
  }

  /** The answers to all that the client was asked and cannot answer any more. */
  refusals(): JSONRPCMessage[] {
    const ids = [...this.#ofClient];
    this.#ofClient.clear();
    return ids.map(clientGone);
  }
}

/** The answer in place of one that a client cannot send any more; the code is the SDK's for a closed connection. */
export function clientGone(id: RequestId): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code: -32000, message: 'The client has closed its end' } };
}
