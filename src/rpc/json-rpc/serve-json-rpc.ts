import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createJSONRPCNotification } from 'json-rpc-2.0';
import type { FormatHint } from '../../core/lib/hints.ts';
import { late, loadLateModules } from '../../core/lib/late-modules.ts';
import { rememberProgram } from '../../core/lib/program-replaced.ts';
import { Notifier, Subscription, waitForDrain } from '../access/notifier.ts';
import { operationHints } from '../access/operation-hints.ts';
import type { Policy } from '../access/policy.ts';
import { exposedOperations } from '../access/session.ts';
import { ContentLengthSplitter } from '../stdio/content-length-splitter.ts';
import { LineSplitter, type Splitter } from '../stdio/line-splitter.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';
import { Connection } from './connection.ts';
import { createMethods } from './methods.ts';
import { TEST_PROGRESS } from './notifications.ts';
import { WorkspaceOpener } from './workspace-opener.ts';

const loadChanges = late(() => import('../../core/api/changes.ts'));
const loadDescribeMethods = late(() => import('./describe-methods.ts'));

/** How messages are separated in both streams. */
export const FRAMINGS = ['lines', 'content-length'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** The largest message that a client may send, in bytes. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

export function createSplitter(framing: Framing): Splitter {
  return framing === 'lines'
    ? new LineSplitter(MAX_MESSAGE_BYTES)
    : new ContentLengthSplitter(MAX_MESSAGE_BYTES);
}

/** @param json without line breaks, as `JSON.stringify` writes it */
export function frameMessage(framing: Framing, json: string): string {
  return framing === 'lines' ? `${json}\n` : `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

export interface ServeJsonRpcOptions {
  /** The home folder, if not the default one. */
  home: string | undefined;
  framing: Framing;
  policy: Policy;
  /** Formats hints for a client that shows them to people; default: they name operations. */
  formatHint?: FormatHint | undefined;
  output: ProtocolOutput;
  /** Aborted when the server is asked to end. */
  signal: AbortSignal;
  /** Logs a message for people. */
  log(message: string): void;
}

/**
 * Why the server ended: the client closed its input; the input can no longer be parsed; the client no longer reads the
 * answers; the server was asked to end.
 */
export type EndReason = 'input_ended' | 'input_lost' | 'reader_gone' | 'interrupted';

/** After the end of input, calls are abandoned if none of them ends for this long. */
const DRAIN_TIMEOUT_MS = 5_000;
/** How long after the start the modules of later calls are loaded. */
const LOADING_DELAY_MS = 3_000;
/** The same after a request to end, or when no one reads the answers. */
const SHUTDOWN_TIMEOUT_MS = 300;

/**
 * Serves one client on stdin and `output` until one side ends. Everything read by then is answered; runs that it
 * started continue. While there is no home, every call is answered with instructions.
 * @throws QuickscrapeError `store_unavailable`, `not_allowed` when an existing home cannot be opened
 */
export async function serveJsonRpc(options: ServeJsonRpcOptions): Promise<EndReason> {
  const { output, signal, log } = options;
  rememberProgram();
  const home = new WorkspaceOpener(options);
  const loading = new AbortController();
  await home.openIfExists();
  try {
    let onInputLost = (): void => {};
    const inputLost = new Promise<void>((resolve) => {
      onInputLost = resolve;
    });
    const { connection, subscription } = await openConnection(home, options, onInputLost);
    void loadLateModules(LOADING_DELAY_MS, loading.signal);
    const readerGone = new Promise<void>((resolve) => output.onGone(resolve));
    const ending = await Promise.race<EndReason>([
      inputLost.then(() => 'input_lost'),
      readInput(connection, log).then(() => 'input_ended'),
      readerGone.then(() => 'reader_gone'),
      waitForAbort(signal).then(() => 'interrupted'),
    ]);
    process.stdin.destroy();
    await finish(connection, ending, options);
    await subscription.end();
    return ending;
  } finally {
    loading.abort();
    home.close();
  }
}

async function openConnection(home: WorkspaceOpener, options: ServeJsonRpcOptions, onInputLost: () => void) {
  const { output, framing, policy, log } = options;
  const send = (json: string): void => output.write(frameMessage(framing, json));
  const drained = () => waitForDrain(output);
  const notifier = new Notifier({
    send: ({ kind, ...params }) => send(JSON.stringify(createJSONRPCNotification(kind, params))),
    waitForDrain: drained,
  });
  const subscription = new Subscription(async () => {
    const { watchChanges } = await loadChanges();
    const { workspace } = await home.open();
    return watchChanges(workspace, (change) => notifier.notify(change));
  });
  const session = await home.session();
  const methods = createMethods({
    session,
    subscription,
    async describe() {
      const { describeMethods } = await loadDescribeMethods();
      return describeMethods((await exposedOperations(policy)).values(), policy);
    },
    formatHint: options.formatHint ?? operationHints(new Set(session.names())),
    log,
  });
  const connection = new Connection({
    splitter: createSplitter(framing),
    async handleRequest(request, signal) {
      const response = await methods.receive(request, {
        signal,
        onProgress(progress) {
          // The answer has the numbers, too, so a client that is behind misses nothing.
          if (request.id === undefined || !subscription.isActive || drained() !== undefined) return;
          send(JSON.stringify(createJSONRPCNotification(TEST_PROGRESS, { id: request.id, ...progress })));
        },
      });
      home.logNotices();
      return response;
    },
    send,
    waitForDrain: drained,
    onLost(reason) {
      log(`The input can no longer be parsed: ${reason}.`);
      onInputLost();
    },
  });
  return { connection, subscription };
}

/** Resolves at the end of stdin, also after an error. */
async function readInput(connection: Connection, log: (message: string) => void): Promise<void> {
  const { stdin } = process;
  try {
    for await (const chunk of stdin) await connection.receive(chunk as Buffer);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // We destroyed the stream ourselves, because no more input is needed.
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE') log(`The input ended with an error: ${message}.`);
  }
}

async function finish(
  connection: Connection,
  ending: EndReason,
  { output, signal }: ServeJsonRpcOptions,
): Promise<void> {
  const canDrain = ending === 'input_ended' || ending === 'input_lost';
  const deadline = waitForAbort(signal).then(() => delay(2 * SHUTDOWN_TIMEOUT_MS));
  await Promise.race([connection.end(canDrain ? DRAIN_TIMEOUT_MS : SHUTDOWN_TIMEOUT_MS), deadline]);
  if (signal.aborted && canDrain)
    await Promise.race([connection.end(SHUTDOWN_TIMEOUT_MS), delay(2 * SHUTDOWN_TIMEOUT_MS)]);
  await Promise.race([output.flushed(), deadline]);
}

async function waitForAbort(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
