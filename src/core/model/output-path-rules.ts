import { isAbsolute } from 'node:path';
import { CONTROL_CHARACTERS } from '../lib/control-characters.ts';

/** What Windows takes for a device, with any ending (Microsoft, "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])\s*(?:[.:].*)?$/i;

/** Bytes of a name that file systems take (NAME_MAX of Linux; 255 units on the others). */
const MAX_NAME_BYTES = 255;

/**
 * Why nobody can have meant an output path: it would make a file that cannot be seen, typed or copied to another
 * system, or that a shell takes for something else. `undefined` when it is fine.
 * @param path a template, or one that is filled
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
  // Of a template only what will be there at least; it is looked at again when it is filled.
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

/** Also letters that are drawn as nothing (fillers of Hangul, the blank of Braille). */
function findInvisibleCharacter(path: string): string | undefined {
  const [found] =
    /[\t\n\p{Cs}\u115f\u1160\u2800\u3164\uffa0]/u.exec(path) ?? path.match(CONTROL_CHARACTERS) ?? [];
  const code = found?.codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
