/** A file or folder that changed this recently may change again without a trace in its time stamps. */
const SETTLED_MS = 1_000;

/** What tells one version of a file, or of a folder's list of entries, from another, without reading it. */
export interface FileStamp {
  ino: number;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

/** The four numbers alone: Node's Stats holds five times as much. */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: FileStamp): FileStamp {
  return { ino, size, mtimeMs, ctimeMs };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

/** Whether a change after `at` (epoch milliseconds) is going to show in the stamp. */
export function isSettled({ ctimeMs }: Pick<FileStamp, 'ctimeMs'>, at = Date.now()): boolean {
  return at - ctimeMs > SETTLED_MS;
}
