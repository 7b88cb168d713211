import { BY_LETTER, BY_NUMBER } from '../input/key-names.ts';

const NAMES: ReadonlySet<string> = new Set([
  ...Object.values(BY_LETTER).filter((name) => !name.includes('+')),
  ...Object.values(BY_NUMBER),
  ...['enter', 'tab', 'space', 'backspace', 'escape'],
]);
const ALIASES: Readonly<Record<string, string>> = {
  ...{ esc: 'escape', return: 'enter', del: 'delete', ins: 'insert', pgup: 'pageup', pgdn: 'pagedown' },
  ...{ ' ': 'space' },
};
const MODIFIERS = ['ctrl', 'alt', 'shift'];
/** What a terminal sends for these is the same as for another key, or ends the program. */
const NOT_OWN: Readonly<Record<string, string>> = {
  'ctrl+c': 'it always quits',
  'ctrl+h': 'in a terminal it is backspace',
  'ctrl+i': 'in a terminal it is tab',
  'ctrl+j': 'in a terminal it is enter',
  'ctrl+m': 'in a terminal it is enter',
  'ctrl+[': 'in a terminal it is escape',
};

/** What may stand for a key, in words. */
export const KEY_SHAPE = `a character, or one of ${[...NAMES].join(' ')}; ctrl+, alt+ or shift+ before it; of a chord with a space between (g g)`;

/**
 * The name by which the dashboard knows a key or a chord that somebody wrote: `Ctrl-X` is `ctrl+x`, `Esc` is `escape`.
 * @returns the name, or in `problem` why there is no such key
 */
export function parseKey(written: string): { key: string } | { problem: string } {
  const keys = written === ' ' ? [' '] : written.split(' ');
  const names: string[] = [];
  for (const each of keys) {
    const found = parseOne(each);
    if ('problem' in found) return found;
    names.push(found.key);
  }
  return { key: names.join(' ') };
}

function parseOne(written: string): { key: string } | { problem: string } {
  if (written !== '' && [...written].length === 1) return { key: ALIASES[written] ?? written };
  const parts = written.split(/(?<=.)[+-]/);
  const last = parts.pop() ?? '';
  const wanted = parts.map((part) => part.toLowerCase());
  const base = [...last].length === 1 ? last : (ALIASES[last.toLowerCase()] ?? last.toLowerCase());
  const isKnown = [...base].length === 1 || NAMES.has(base);
  if (!isKnown || !wanted.every((part) => MODIFIERS.includes(part)))
    return { problem: `"${written}" is no key: it must be ${KEY_SHAPE}` };
  // A terminal tells a capital letter, not that Shift was held.
  if ([...base].length === 1 && wanted.length === 1 && wanted[0] === 'shift') {
    if (base.toUpperCase() === base.toLowerCase())
      return { problem: `"${written}" is no key: write the character that it types` };
    return { key: base.toUpperCase() };
  }
  const modifiers = MODIFIERS.filter((each) => wanted.includes(each));
  const name = [...modifiers, wanted.includes('ctrl') ? base.toLowerCase() : base].join('+');
  const why = NOT_OWN[name];
  return why === undefined ? { key: name } : { problem: `${name} cannot be chosen: ${why}` };
}
