import { Worker } from 'node:worker_threads';
import { unavailable } from '../fs/system-errors.ts';
import { programFile } from '../lib/program.ts';
import type { CountedColumns, CountedRows } from './column-figures.ts';
import type { ColumnFrequency, DescribedColumns } from './describe-columns.ts';
import type { RowQuery, SelectedRows } from './select-rows.ts';

type Ask =
  | ({ readonly kind: 'select' } & RowQuery)
  | ({ readonly kind: 'columns' | 'describe' } & CountedRows)
  | ({ readonly kind: 'values'; readonly field: string } & CountedRows);

/** What the thread is asked. */
export interface ItemQuestion {
  readonly id: number;
  /** `items.jsonl` of a run. */
  readonly file: string;
  readonly ask: Ask;
}

/** What the thread answers: how far it is, or the result. */
export type ItemAnswer = { readonly id: number } & (
  | { readonly bytes: number }
  | { readonly problem: string }
  | { readonly selected: SelectedRows }
  | { readonly columns: CountedColumns }
  | { readonly values: ColumnFrequency }
  | { readonly described: DescribedColumns }
  /** There is no file. */
  | { readonly missing: true }
);

interface QueryOptions {
  signal?: AbortSignal;
  /** Called with the bytes that were read, several times a second. */
  onProgress?: (bytes: number) => void;
}

interface Pending {
  question: ItemQuestion;
  resolve(answer: ItemAnswer): void;
  reject(error: unknown): void;
  onProgress: ((bytes: number) => void) | undefined;
}

/**
 * Asks about all rows of an item file. A thread reads them, because to parse a million rows takes seconds, in which a
 * dashboard has to answer keys. The thread begins with the first question, and does not keep the process alive.
 */
export class ItemQueries {
  #worker: Worker | undefined;
  #last = 0;
  readonly #pending = new Map<number, Pending>();

  /** Which rows are shown, and in which order. @throws QuickscrapeError `store_unavailable`; the reason of the signal */
  async select(file: string, query: RowQuery, options?: QueryOptions): Promise<SelectedRows> {
    const answer = await this.#ask(file, { kind: 'select', ...query }, options);
    if ('selected' in answer) return answer.selected;
    throw unexpected(file);
  }

  /** Figures of all columns, and the fields of all rows. @throws as {@link select} */
  async countColumns(file: string, rows: CountedRows, options?: QueryOptions): Promise<CountedColumns> {
    const answer = await this.#ask(file, { kind: 'columns', ...rows }, options);
    return 'columns' in answer ? answer.columns : { figures: [], fields: [] };
  }

  /** How often each value of a column appears; undefined without a file. @throws as {@link select} */
  async countValues(
    file: string,
    field: string,
    rows: CountedRows,
    options?: QueryOptions,
  ): Promise<ColumnFrequency | undefined> {
    const answer = await this.#ask(file, { kind: 'values', field, ...rows }, options);
    return 'values' in answer ? answer.values : undefined;
  }

  /** What all columns hold; undefined without a file. @throws as {@link select} */
  async describeColumns(
    file: string,
    rows: CountedRows,
    options?: QueryOptions,
  ): Promise<DescribedColumns | undefined> {
    const answer = await this.#ask(file, { kind: 'describe', ...rows }, options);
    return 'described' in answer ? answer.described : undefined;
  }

  /** Ends the thread. Questions that are open are not answered. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #ask(file: string, ask: Ask, { signal, onProgress }: QueryOptions = {}): Promise<ItemAnswer> {
    signal?.throwIfAborted();
    this.#last += 1;
    const question = { id: this.#last, file, ask };
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#pending.delete(question.id);
        worker.postMessage({ cancel: question.id });
        reject(signal?.reason);
      };
      const end = () => signal?.removeEventListener('abort', cancel);
      this.#pending.set(question.id, {
        question,
        onProgress,
        resolve: (answer) => {
          end();
          resolve(answer);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      worker.postMessage(question);
    });
  }

  #start(): Worker {
    const worker = new Worker(programFile('items'), { name: 'items' });
    worker.on('message', (answer: ItemAnswer) => this.#take(answer));
    worker.on('error', (error) => this.#fail(worker, error));
    // A listener makes the process wait for the thread again.
    worker.unref();
    return worker;
  }

  #take(answer: ItemAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    if ('bytes' in answer) {
      pending.onProgress?.(answer.bytes);
      return;
    }
    this.#pending.delete(answer.id);
    if ('problem' in answer)
      pending.reject(unavailable(`cannot read ${pending.question.file}`, new Error(answer.problem)));
    else pending.resolve(answer);
  }

  /** A thread that ended, such as for want of memory, is replaced at the next question. */
  #fail(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const [id, { question, reject }] of this.#pending) {
      this.#pending.delete(id);
      reject(unavailable(`cannot read ${question.file}`, error));
    }
  }
}

function unexpected(file: string): Error {
  return unavailable(`cannot read ${file}`, new Error('the answer is of another kind'));
}
