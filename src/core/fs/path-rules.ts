import { win32 } from 'node:path';

/** Splits a path into its names. Windows takes both slashes as separators; elsewhere `\` is a letter of a name. */
export function pathNames(path: string, platform: string = process.platform): string[] {
  return path.split(platform === 'win32' ? /[/\\]/ : '/');
}

/** Why a path is of no use on this system, and what to do; `undefined` when it is. */
export function foreignPathProblem(
  path: string,
  platform: string = process.platform,
): { reason: string; hint: string } | undefined {
  if (platform === 'win32') {
    const { root } = win32.parse(path);
    if (/^[a-z]:$/i.test(root))
      return {
        reason: `"${path}" means the current folder of the drive ${root}`,
        hint: `Begin it with ${root}\\, or leave the drive out.`,
      };
    // A colon within a name writes into a hidden stream of the file before it.
    const [found] = /[<>:"|?*]/.exec(path.slice(root.length)) ?? [];
    return found === undefined
      ? undefined
      : { reason: `"${path}" holds ${found}, which names on Windows cannot`, hint: 'Write it without.' };
  }
  if (/^(?:[a-z]:|\\\\)/i.test(path))
    return {
      reason: `"${path}" is a path of Windows`,
      hint: 'Give one of this machine, such as /data/prices.csv.',
    };
  if (path.includes('\\')) return { reason: `"${path}" holds a backslash`, hint: 'Put / between folders.' };
  return undefined;
}

/** Names that Windows reserves for devices, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])\s*(?:[.:].*)?$/i;

/** Whether a name means a device on Windows. Such names are refused on every system, so that a home can be moved. */
export function isDeviceName(name: string): boolean {
  return DEVICE.test(name);
}
