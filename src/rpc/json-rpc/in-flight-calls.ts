import type { JSONRPCID, JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import { unavailable } from './error-responses.ts';

/** Carries out a valid request; `signal` is aborted when nobody waits for it any more. Never rejects. */
export type HandleRequest = (
  request: JSONRPCRequest,
  signal: AbortSignal,
) => PromiseLike<JSONRPCResponse | null>;

interface Call {
  id: JSONRPCID | undefined;
  controller: AbortController;
  giveUp(): void;
}

/** The requests of one client that are not answered yet, and the ways to end them. */
export class InFlightCalls {
  readonly #handleRequest: HandleRequest;
  readonly #calls = new Set<Call>();
  #aborted = false;
  #givenUp = false;

  constructor(handleRequest: HandleRequest) {
    this.#handleRequest = handleRequest;
  }

  async start(request: JSONRPCRequest): Promise<JSONRPCResponse | null> {
    if (this.#givenUp) return serverEnding(request);
    const controller = new AbortController();
    if (this.#aborted) controller.abort();
    return new Promise((resolve, reject) => {
      const call = { id: request.id, controller, giveUp: () => resolve(serverEnding(request)) };
      this.#calls.add(call);
      this.#handleRequest(request, controller.signal).then((response) => {
        this.#calls.delete(call);
        resolve(response);
      }, reject);
    });
  }

  /** The client does not want to wait for a request any more: it is answered with what there is by now. */
  abort(id: unknown): void {
    for (const call of this.#calls) if (call.id === id) call.controller.abort();
  }

  /** The same for all of them, and for all that are still to begin. */
  abortAll(): void {
    this.#aborted = true;
    for (const { controller } of this.#calls) controller.abort();
  }

  /** Answers all of them with an error, whatever becomes of them, and all that are still to begin. */
  giveUp(): void {
    this.#givenUp = true;
    for (const { giveUp } of this.#calls) giveUp();
    this.#calls.clear();
  }
}

function serverEnding({ id }: JSONRPCRequest): JSONRPCResponse | null {
  if (id === undefined) return null;
  const message = 'the server ends before this request is done';
  return unavailable(id, message, 'Look at what has come of it: it may have been carried out in part.');
}
