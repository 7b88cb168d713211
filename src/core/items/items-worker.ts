import { type FileHandle, open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { isSystemError } from '../fs/system-errors.ts';
import { type CountedColumns, countColumns } from './column-figures.ts';
import {
  type ColumnFrequency,
  countValues,
  type DescribedColumns,
  describeColumns,
} from './describe-columns.ts';
import type { ItemAnswer, ItemQuestion } from './item-queries.ts';
import { NO_ROWS, type SelectedRows, selectRows } from './select-rows.ts';

/** Between two messages about the progress, in bytes of the file. */
const PROGRESS_BYTES = 8 << 20;

/** The thread that reads whole item files, so that the dashboard answers keys meanwhile. One question after the other. */
const port = parentPort;
if (port === null) throw new Error('items.js runs as a worker thread');

const cancelled = new Set<number>();
let busy: Promise<void> = Promise.resolve();

port.on('message', (message: ItemQuestion | { cancel: number }) => {
  if ('cancel' in message) {
    cancelled.add(message.cancel);
    return;
  }
  busy = busy.then(() => answer(message));
});

async function answer(question: ItemQuestion): Promise<void> {
  const { id } = question;
  try {
    const read = await readFile(question);
    const transfer = 'selected' in read ? buffersOf(read.selected) : [];
    port?.postMessage({ id, ...read } satisfies ItemAnswer, transfer);
  } catch (error) {
    if (!cancelled.has(id))
      port?.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  } finally {
    cancelled.delete(id);
  }
}

async function readFile(question: ItemQuestion): Promise<ItemResult> {
  const { file, ask, id } = question;
  let reported = 0;
  const onChunk = (bytes: number) => {
    if (cancelled.has(id)) throw new Error('cancelled');
    if (bytes - reported < PROGRESS_BYTES) return;
    reported = bytes;
    port?.postMessage({ id, bytes } satisfies ItemAnswer);
  };
  const handle = await openItems(file);
  if (handle === undefined) return ask.kind === 'select' ? { selected: { ...NO_ROWS } } : { missing: true };
  try {
    switch (ask.kind) {
      case 'select':
        return { selected: await selectRows(handle, ask, onChunk) };
      case 'columns':
        return { columns: await countColumns(handle, ask, onChunk) };
      case 'values':
        return { values: await countValues(handle, ask.field, ask, onChunk) };
      case 'describe':
        return { described: await describeColumns(handle, ask, onChunk) };
      default:
        return ask satisfies never;
    }
  } finally {
    await handle.close();
  }
}

type ItemResult =
  | { selected: SelectedRows }
  | { columns: CountedColumns }
  | { values: ColumnFrequency }
  | { described: DescribedColumns }
  | { missing: true };

async function openItems(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function buffersOf({ rows, offsets, lengths }: SelectedRows): ArrayBuffer[] {
  return [rows, offsets, lengths].map(({ buffer }) => buffer as ArrayBuffer);
}
