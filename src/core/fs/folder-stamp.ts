import { statSync } from 'node:fs';

/** What tells a folder from another one that later took its place. */
export interface FolderStamp {
  dev: number;
  ino: number;
  /** 0 where the file system does not tell. */
  birthtimeMs: number;
}

export function folderStamp(folder: string): FolderStamp | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats) return undefined;
  const { dev, ino, birthtimeMs, ctimeMs } = stats;
  // Without a real birth time, Node gives the change time, which each new file moves.
  return { dev, ino, birthtimeMs: birthtimeMs === ctimeMs ? 0 : birthtimeMs };
}

export function sameFolder(a: FolderStamp | undefined, b: FolderStamp | undefined): boolean {
  if (!a || !b) return a === b;
  const born = a.birthtimeMs === 0 || b.birthtimeMs === 0 || a.birthtimeMs === b.birthtimeMs;
  return a.dev === b.dev && a.ino === b.ino && born;
}
