import { hash } from 'node:crypto';
import { constants, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { removeLeftover, tempFileName } from '../fs/atomic-file.ts';
import { type FileStamp, sameStamp } from '../fs/file-stamp.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { VERSION } from '../lib/version.ts';
import {
  fromDefinitionText,
  type JobFile,
  type ParsedJob,
  type Provenance,
  toDefinitionText,
} from './job-text.ts';

/** A job's file, and the version of it that was read. */
export interface IndexedFile {
  stamp: FileStamp;
  file: JobFile;
}

/** What a line holds between the id and the definition: the stamp, and what the file says of its making. */
type Head = [
  ...[ino: number, size: number, mtimeMs: number, ctimeMs: number],
  ...[revision: number | null, createdAt: number | null, updatedAt: number | null],
  ...[createdBy: Provenance['createdBy'], updatedBy: Provenance['updatedBy']],
  /** Of the definition, where it is another text than the definition's. */
  definitionHash: string | null,
];

/** When so many more lines have been of no use than of use, those that are left are not looked at. */
const MAX_WASTED_LINES = 100;
const SEPARATOR = '\t';
const END = '\n';

/**
 * What the job files of a folder said when they were last read, each with the stamp of the version that was read: whoever
 * opens a home of thousands looks at its files and reads those that have another stamp, as git does by its index. A copy that
 * may be missing, old or damaged: then the files are read. One line a job, sorted by id, after a line that says which
 * folder it is of, which version of this program has written it, and the SHA-1 of the rest.
 */
export class JobIndex {
  readonly #text: string;
  #at = 0;
  #inVain = 0;
  /** How many files were not read because of it. */
  used = 0;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The index in `file`, if it is one of `folder` that this version has written as it is. */
  static open(file: string, folder: string): JobIndex | undefined {
    try {
      const bytes = readBytes(file);
      const end = bytes.indexOf(END);
      const lines = bytes.subarray(end + 1);
      if (end === -1 || bytes.toString('utf8', 0, end) !== formatHeader(folder, lines)) return undefined;
      return new JobIndex(lines.toString('utf8'));
    } catch {
      return undefined;
    }
  }

  /**
   * What a job's file said, if its definition is the one that the database has noted as valid and the file has the same stamp.
   * Has to be asked in the order of the ids: each line is passed once.
   * @param knownHash the definition's hash that the database holds
   * @param stampNow looks at the file
   */
  find(
    { id, path }: { id: string; path: string },
    knownHash: string | undefined,
    stampNow: () => FileStamp | undefined,
  ): IndexedFile | undefined {
    const line = this.#inVain > MAX_WASTED_LINES ? undefined : this.#lineOf(id);
    if (line === undefined || knownHash === undefined) return undefined;
    this.#inVain += 1;
    const headEnd = line.indexOf(SEPARATOR);
    const [ino, size, mtimeMs, ctimeMs, ...said] = JSON.parse(line.slice(0, headEnd)) as Head;
    const [revision, createdAt, updatedAt, createdBy, updatedBy, print] = said;
    const text = line.slice(headEnd + 1);
    if (knownHash !== (print ?? text)) return undefined;
    const stamp = { ino, size, mtimeMs, ctimeMs };
    const now = stampNow();
    if (now === undefined || !sameStamp(now, stamp)) return undefined;
    const file = fromDefinitionText(text, knownHash, {
      id,
      file: path,
      modifiedAt: mtimeMs,
      revision: revision ?? undefined,
      createdAt: createdAt ?? undefined,
      updatedAt: updatedAt ?? undefined,
      createdBy,
      updatedBy,
    });
    if (file === undefined) return undefined;
    this.#inVain -= 2;
    this.used += 1;
    return { stamp, file };
  }

  /** What comes after the id in its line; lines before it are passed over, and those after it stay. */
  #lineOf(id: string): string | undefined {
    for (;;) {
      const idEnd = this.#text.indexOf(SEPARATOR, this.#at);
      if (idEnd === -1) return undefined;
      const found = this.#text.slice(this.#at, idEnd);
      if (found > id) return undefined;
      const end = this.#text.indexOf(END, idEnd);
      this.#at = end + 1;
      if (found === id) return this.#text.slice(idEnd + 1, end);
    }
  }
}

/**
 * Writes the index of a folder; what cannot be written is not there the next time.
 * @param files in the order of their ids, each read when its stamp had settled; those that say more than a line holds are
 *   left out
 */
export function writeJobIndex(file: string, folder: string, files: Iterable<IndexedFile>): void {
  const temp = tempFileName(file);
  try {
    const lines: string[] = [];
    for (const indexed of files) lines.push(formatLine(indexed) ?? '');
    const rest = Buffer.from(lines.join(''));
    const whole = Buffer.concat([Buffer.from(`${formatHeader(folder, rest)}${END}`), rest]);
    writeFileSync(temp, whole, { flag: 'wx', mode: 0o600 });
    renameSync(temp, file);
  } catch {
    removeLeftover(temp);
  }
}

function formatLine({ stamp, file }: IndexedFile): string | undefined {
  const text = toDefinitionText(file);
  if (text === undefined) return undefined;
  const { ino, size, mtimeMs, ctimeMs } = stamp;
  const { id, revision, createdAt, updatedAt, createdBy, updatedBy, definitionHash } = file;
  const head: Head = [
    ...([ino, size, mtimeMs, ctimeMs] as const),
    ...([revision ?? null, createdAt ?? null, updatedAt ?? null] as const),
    ...([createdBy, updatedBy] as const),
    definitionHash === text ? null : definitionHash,
  ];
  // Neither text of JSON has a tab or an end of line in it, nor has an id.
  return [id, JSON.stringify(head), `${text}${END}`].join(SEPARATOR);
}

function formatHeader(folder: string, lines: Buffer): string {
  return `quickscrape-jobs ${VERSION} ${hash('sha1', lines)} ${JSON.stringify(folder)}`;
}

/** In one piece, as it may have megabytes; a pipe is not waited for. @throws the system call's error */
function readBytes(file: string): Buffer {
  const opened = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return fstatSync(opened).isFile() ? readFileSync(opened) : Buffer.alloc(0);
  } finally {
    closeQuietly(opened);
  }
}

/** What a file said, and the stamp that it had. */
export interface CachedFile extends FileStamp {
  settled: boolean;
  parsed: ParsedJob;
}
