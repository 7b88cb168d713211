import { LogSource } from './log-source.ts';
import type { LogEvent, LogWish } from './slice.ts';

/** So often is looked whether more was written, in milliseconds. */
const LOOK_EVERY_MS = 200;

/** Reads one log for those who look at it: carries out wishes, one after the other, and tells what is new. */
export class LogReader {
  readonly #source: LogSource;
  readonly #send: (event: LogEvent) => void;
  readonly #timer: NodeJS.Timeout;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /** @param send told of answers and news until it is closed */
  constructor(file: string, send: (event: LogEvent) => void) {
    this.#source = new LogSource(file);
    this.#send = send;
    this.wish({ kind: 'end' });
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  wish(wish: LogWish): void {
    this.#inTurn(() => answerOf(this.#source, wish));
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
      const event = this.#closed ? undefined : await work().catch(unreadable);
      this.#waiting -= 1;
      if (event !== undefined && !this.#closed) this.#send(event);
    });
  }
}

function unreadable(error: unknown): LogEvent {
  return { kind: 'unreadable', problem: error instanceof Error ? error.message : String(error) };
}

async function answerOf(source: LogSource, wish: LogWish): Promise<LogEvent> {
  switch (wish.kind) {
    case 'end':
      return { kind: 'end', page: await source.end() };
    case 'older':
      return { kind: 'older', page: await source.before(wish.before) };
    case 'newer':
      return { kind: 'newer', page: await source.after(wish.after) };
    case 'around': {
      const [before, after] = [await source.before(wish.offset), await source.after(wish.offset)];
      return { kind: 'around', offset: wish.offset, before, after };
    }
    case 'search':
      return { ...wish, kind: 'found', hits: await source.search(wish.wanted, wish.filter) };
    case 'first_error': {
      const [offset] = await source.search('', wish.filter, 1);
      return { kind: 'first_error', offset };
    }
    default:
      return wish satisfies never;
  }
}
