import { existsSync } from 'node:fs';
import { runFiles } from '../../../core/runs/run-files.ts';
import type { EffectOf, SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import { LogSource } from './log-source.ts';
import type { LogEvent, LogRequest } from './model.ts';

/** The interval in ms at which the log is checked for new content. */
const POLL_INTERVAL_MS = 200;

/** Reads one log for its viewers. It handles requests one after the other and sends new content. */
export class LogReader {
  readonly #source: LogSource;
  readonly #items: string | undefined;
  readonly #send: (event: LogEvent) => void;
  readonly #timer: NodeJS.Timeout;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /**
   * @param send receives answers and new content until the reader is closed
   * @param items the items of the run: whether they are there is said of an empty log
   */
  constructor(file: string, send: (event: LogEvent) => void, items?: string) {
    this.#source = new LogSource(file);
    this.#items = items;
    this.#send = send;
    this.request({ kind: 'end' });
    this.#timer = setInterval(() => this.#look(), POLL_INTERVAL_MS);
    this.#timer.unref();
  }

  request(request: LogRequest): void {
    this.#inTurn(() => this.#answer(request));
  }

  async #answer(request: LogRequest): Promise<LogEvent> {
    const event = await readPage(this.#source, request);
    if (event.kind !== 'end' || event.page.size > 0 || this.#items === undefined) return event;
    return { ...event, page: { ...event.page, hasItems: existsSync(this.#items) } };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#waiting > 0) return;
    this.#inTurn(async () => {
      const news = await this.#source.news();
      return news.kind === 'same' ? undefined : news;
    });
  }

  #inTurn(work: () => Promise<LogEvent | undefined>): void {
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      const event = this.#closed ? undefined : await work().catch(toReadError);
      this.#waiting -= 1;
      if (event !== undefined && !this.#closed) this.#send(event);
    });
  }
}

function toReadError(error: unknown): LogEvent {
  return { kind: 'unreadable', problem: error instanceof Error ? error.message : String(error) };
}

async function readPage(source: LogSource, request: LogRequest): Promise<LogEvent> {
  switch (request.kind) {
    case 'end':
      return { kind: 'end', page: await source.end() };
    case 'older':
      return { kind: 'older', page: await source.before(request.before) };
    case 'newer':
      return { kind: 'newer', page: await source.after(request.after) };
    case 'around': {
      const [before, after] = [await source.before(request.offset), await source.after(request.offset)];
      return { kind: 'around', offset: request.offset, before, after };
    }
    case 'search':
      return { ...request, kind: 'found', hits: await source.search(request.query, request.filter) };
    case 'first_error': {
      const [offset] = await source.search('', request.filter, 1);
      return { kind: 'first_error', offset };
    }
    default:
      return request satisfies never;
  }
}

const openReaders = new WeakMap<EffectContext, Map<string, LogReader>>();

/** Reads the log of a run as it grows. */
export function watchLog(
  { jobId, runId, afterMs = 0 }: SubscriptionOf<'log'>,
  context: EffectContext,
): Unsubscribe {
  const { workspace, send } = context;
  const readers = openReaders.get(context) ?? new Map<string, LogReader>();
  openReaders.set(context, readers);
  const { log, items } = runFiles(workspace.paths, jobId, runId);
  let reader: LogReader | undefined;
  const open = () => {
    reader = new LogReader(log, (event) => send({ kind: 'log', runId, event }), items);
    readers.set(runId, reader);
  };
  const timer = afterMs === 0 ? undefined : setTimeout(open, afterMs);
  if (timer === undefined) open();
  return () => {
    clearTimeout(timer);
    // The same log may be open in a view of its own by now.
    if (readers.get(runId) === reader) readers.delete(runId);
    reader?.close();
  };
}

/** Passes a request of the log viewer to the open reader. After the log was closed it does nothing. */
export function readLog({ runId, request }: EffectOf<'read_log'>, context: EffectContext): void {
  openReaders.get(context)?.get(runId)?.request(request);
}
