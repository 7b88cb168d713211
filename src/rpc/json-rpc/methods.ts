import { JSONRPCServer } from 'json-rpc-2.0';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';
import { OPERATION_NAMES } from '../../core/operations/operations.ts';
import type { Subscription } from '../access/notifier.ts';
import type { Session, SessionCall } from '../access/session.ts';
import { methodNotFound, toErrorResponse } from './error-responses.ts';

/** The method that describes the others (OpenRPC 1.3.2, “Service Discovery Method”). */
const DISCOVER = 'rpc.discover';

export interface MethodsOptions {
  session: Pick<Session, 'names' | 'call'>;
  subscription: Subscription;
  /** Returns the answer to `rpc.discover`. */
  describe(): Promise<object>;
  /** The hint formatter of this server. */
  formatHint?: FormatHint;
  /** Logs our own errors, with their stacks. */
  log(message: string): void;
}

/** What a server passes with a request. */
export interface RequestContext {
  /** Aborted when the client no longer waits. */
  signal: AbortSignal;
  /** Called with the progress of a test run on live pages. */
  onProgress?: (progress: { pages: unknown; items: unknown; progress: unknown }) => void;
}

/**
 * The methods of a server: each operation under its own name with named params, `subscribe`, `unsubscribe` and `rpc.discover`. A method
 * that the policy hides answers with the reason.
 */
export function createMethods({
  session,
  subscription,
  describe,
  formatHint,
  log,
}: MethodsOptions): JSONRPCServer<RequestContext> {
  const server = new JSONRPCServer<RequestContext>({
    errorListener(message, error) {
      if (!(error instanceof QuickscrapeError)) log(`${message} ${(error as Error)?.stack ?? error}`);
    },
  });
  for (const name of OPERATION_NAMES)
    server.addMethod(name, async (params, context) => {
      const onProgress = onTestProgress(context);
      return session.call(name, namedParams(params), {
        signal: context.signal,
        ...(onProgress && { onProgress }),
      });
    });
  server.addMethod('subscribe', async (params) => {
    assertNoParams('subscribe', namedParams(params));
    await subscription.begin();
    return { subscribed: true };
  });
  server.addMethod('unsubscribe', async (params) => {
    assertNoParams('unsubscribe', namedParams(params));
    await subscription.end();
    return { subscribed: false };
  });
  server.addMethod(DISCOVER, async (params) => {
    assertNoParams(DISCOVER, namedParams(params));
    return describe();
  });
  const names = [...session.names(), 'subscribe', 'unsubscribe', DISCOVER];
  server.handleMethodNotFound = async ({ id, method }) =>
    id === undefined ? null : methodNotFound(id, method, names);
  server.mapErrorToJSONRPCErrorResponse = (id, error) => toErrorResponse(id, error, formatHint);
  return server;
}

/** Subscribers are notified of a run's progress anyway, as of any change of the home. */
function onTestProgress({ onProgress }: RequestContext): SessionCall['onProgress'] {
  if (onProgress === undefined) return undefined;
  return ({ run_id, pages, items, progress }) => {
    if (run_id === undefined) onProgress({ pages, items, progress });
  };
}

/** An empty list is accepted, because it gives no parameter a position. */
function namedParams(params: unknown): object {
  if (!Array.isArray(params)) return (params ?? {}) as object;
  if (params.length === 0) return {};
  throw new QuickscrapeError(
    'invalid_params',
    'params must be an object with named fields, not a list of values',
    {
      hint: 'For example {"job_id": "daily-news"}.',
      issues: [{ path: '', message: 'params must be an object with named fields, not a list of values' }],
    },
  );
}

function assertNoParams(method: string, params: object): void {
  const [first] = Object.keys(params);
  if (first === undefined) return;
  throw new QuickscrapeError('invalid_params', `${method} takes no params, not ${first.slice(0, 64)}`, {
    field: first,
  });
}
