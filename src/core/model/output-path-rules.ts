import { isAbsolute } from 'node:path';
import { CONTROL_CHARACTERS } from '../lib/control-characters.ts';

/** Names that Windows reserves for devices, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])\s*(?:[.:].*)?$/i;

/** The maximum length of a file name in bytes (NAME_MAX of Linux; 255 units on other systems). */
const MAX_NAME_BYTES = 255;

/**
 * Returns why an output path is probably a mistake; `undefined` when the path is valid. A bad path makes a file that
 * cannot be seen, typed or copied to another system, or that a shell misreads.
 * @param path a template, or a path with its values filled in
 */
export function findPathProblem(path: string): { why: string; hint: string } | undefined {
  const unseen = findInvisibleCharacter(path);
  if (unseen !== undefined)
    return { why: `holds a character that cannot be seen, ${unseen}`, hint: 'Write it without.' };
  const onWindows = process.platform === 'win32';
  if (!onWindows && /^(?:[a-z]:|\\\\)/i.test(path))
    return {
      why: `"${path}" is a path of Windows`,
      hint: 'Give one of this machine, such as /data/prices.csv.',
    };
  if (!onWindows && path.includes('\\'))
    return { why: `"${path}" holds a backslash`, hint: 'Put / between folders.' };
  if (path.startsWith('~'))
    return { why: `"${path}" begins with ~, which only a shell replaces`, hint: 'Give the path in full.' };
  const names = path.split(onWindows ? /[/\\]/ : '/');
  const device = names.find((name) => DEVICE.test(name));
  if (device !== undefined)
    return { why: `"${device}" is a device on Windows, not a file`, hint: 'Choose another name.' };
  // A template is checked with its minimum length, and checked again with its values.
  const sizes = names.map((name) => Buffer.byteLength(name.replaceAll(/\{[^{}]*\}/g, '')));
  const longest = Math.max(...sizes);
  if (longest > MAX_NAME_BYTES)
    return {
      why: `a name in it has ${longest} bytes, and disks take at most ${MAX_NAME_BYTES}`,
      hint: 'Shorten it, or put some of it into the name of a folder.',
    };
  if (/^\.{0,2}$/.test(names.at(-1) ?? ''))
    return { why: `"${path}" is a folder`, hint: 'Give the name of a file as well.' };
  const hidden = names.find((name) => /^ | $|[^.]\.$|\.{3}$/.test(name));
  if (hidden !== undefined)
    return {
      why: `"${hidden}" ends in a dot or a space, or begins with a space, which some systems drop`,
      hint: 'Write it without.',
    };
  const dashed = (isAbsolute(path) ? names.slice(-1) : names).find((name) => name.startsWith('-'));
  if (dashed !== undefined)
    return {
      why: `"${dashed}" begins with -, which commands take for an option`,
      hint: 'Choose another name.',
    };
  return undefined;
}

/** Includes letters without a visible glyph (Hangul fillers, the Braille blank). */
function findInvisibleCharacter(path: string): string | undefined {
  const [found] =
    /[\t\n\p{Cs}\u115f\u1160\u2800\u3164\uffa0]/u.exec(path) ?? path.match(CONTROL_CHARACTERS) ?? [];
  const code = found?.codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
