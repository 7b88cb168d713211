import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { wrapUnavailable } from '../../core/fs/system-errors.ts';
import { safeJson, sanitizeText } from '../../core/lib/sanitize-text.ts';
import { RUN_LOG_CAP } from '../../core/runs/cap-log.ts';
import type { CommandContext } from '../context/context.ts';

const POLL_MS = 100;
const CHUNK_BYTES = 64 * 1024;

/**
 * Yields the lines that are appended to a file from `offset` on. Ends when `isFinished` returns true and everything is
 * read, or when the signal aborts. The file need not exist yet. A file that is replaced or emptied is read from its
 * start.
 */
export async function* followFile(
  file: string,
  { offset = 0, isFinished, signal }: { offset?: number; isFinished: () => boolean; signal: AbortSignal },
): AsyncGenerator<string> {
  let at = offset;
  let rest = Buffer.alloc(0);
  for (;;) {
    // Checked before reading, so that the last read includes everything that was written before the end.
    const finished = isFinished() || signal.aborted;
    for (let bytes = readChunk(file, at); bytes.length > 0; bytes = readChunk(file, at)) {
      at += bytes.length;
      rest = Buffer.concat([rest, bytes]);
      let end = rest.indexOf(0x0a);
      for (; end >= 0; end = rest.indexOf(0x0a)) {
        yield rest.subarray(0, end).toString('utf8');
        rest = rest.subarray(end + 1);
      }
    }
    if (finished) {
      if (rest.length > 0) yield rest.toString('utf8');
      return;
    }
    const size = fileSize(file);
    // A run's log whose middle was removed continues at its end; a new log is read from its start.
    if (size < at) at = size > RUN_LOG_CAP.head ? size : 0;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

/** The length of a file; 0 when it does not exist. */
export function fileSize(file: string): number {
  return withFile(file, (fd) => fstatSync(fd).size) ?? 0;
}

function readChunk(file: string, offset: number): Buffer {
  const read = withFile(file, (fd) => {
    const bytes = Buffer.alloc(CHUNK_BYTES);
    return bytes.subarray(0, readSync(fd, bytes, 0, CHUNK_BYTES, offset));
  });
  return read ?? Buffer.alloc(0);
}

function withFile<T>(file: string, work: (fd: number) => T): T | undefined {
  return wrapUnavailable(`cannot read ${file}`, () => {
    let fd: number;
    try {
      fd = openSync(file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return work(fd);
    } finally {
      closeSync(fd);
    }
  });
}

export interface LogRequest {
  file: string;
  /** How many of the last lines to print. */
  lines: number;
  /** Continue with appended lines until `isFinished` returns true. */
  follow?: { isFinished: () => boolean };
  /** Fields beside `lines` in the printed object. */
  extraFields: Record<string, unknown>;
}

/** Prints the end of a log. With `follow`, prints appended lines as well; as JSON, one string per line. */
export async function printLog(context: CommandContext, request: LogRequest): Promise<void> {
  const { tailLines } = await import('../../core/runs/run-files.ts');
  const { file, follow } = request;
  const offset = follow === undefined ? 0 : fileSize(file);
  const lines = tailLines(file, request.lines);
  if (follow === undefined) {
    await context.print({ ...request.extraFields, lines }, () => lines.map(sanitizeText).join('\n'));
    return;
  }
  const json = context.globals.format === 'json';
  const write = (line: string) => context.out.write(`${json ? safeJson(line) : sanitizeText(line)}\n`);
  for (const line of lines) write(line);
  const { signal } = context.interrupt;
  for await (const line of followFile(file, { offset, isFinished: follow.isFinished, signal })) write(line);
}
