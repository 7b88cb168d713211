import { readFileSync, realpathSync } from 'node:fs';

/** A mounted file system: its type as the kernel names it, and its mount point. */
export interface Mount {
  type: string;
  at: string;
}

/** Returns the file system that contains a path; `undefined` where the system does not say so in a file. */
export function mountAt(path: string, platform: string = process.platform): Mount | undefined {
  if (platform !== 'linux') return undefined;
  try {
    return findMount(realpathSync(path), readFileSync('/proc/mounts', 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Finds the mount that contains a path, in the text of /proc/mounts.
 * @param path absolute, without symbolic links
 */
export function findMount(path: string, mounts: string): Mount | undefined {
  let best: Mount | undefined;
  for (const line of mounts.split('\n')) {
    const [, escaped, type] = line.split(' ');
    if (escaped === undefined || type === undefined) continue;
    // The kernel writes spaces and similar characters as octal escapes.
    const at = escaped.replaceAll(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const inside = at === '/' || path === at || path.startsWith(`${at}/`);
    // Of two mounts at the same place, the later one is on top.
    if (inside && at.length >= (best?.at.length ?? 0)) best = { type, at };
  }
  return best;
}
