import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseKey } from '../../../src/tui/app/key-file.ts';
import { nameOfChar } from '../../../src/tui/runtime/input/key-names.ts';

const keyOf = (written: string) => {
  const found = parseKey(written);
  return 'key' in found ? found.key : undefined;
};

it('a key is written as people write it', () => {
  const written = [
    'j',
    'G',
    ' ',
    'Esc',
    'ctrl+d',
    'Ctrl-D',
    'shift-tab',
    'alt+x',
    'PgDn',
    'f5',
    'g g',
    'shift+g',
    '-',
    '+',
  ];
  expect(written.map(keyOf)).toEqual([
    ...[
      'j',
      'G',
      'space',
      'escape',
      'ctrl+d',
      'ctrl+d',
      'shift+tab',
      'alt+x',
      'pagedown',
      'f5',
      'g g',
      'G',
      '-',
      '+',
    ],
  ]);
});

it('a key that a terminal cannot distinguish, and text that is not a key, are refused with a reason', () => {
  expect(parseKey('ctrl+c')).toEqual({ problem: 'ctrl+c cannot be chosen: it always quits' });
  expect(parseKey('Ctrl-M')).toEqual({ problem: 'ctrl+m cannot be chosen: in a terminal it is enter' });
  for (const wrong of ['crtl+x', 'enterr', '', 'g  g', 'ctrl+', 'super+x', 'shift+5', 'ctrl-shift-q']) {
    const found = parseKey(wrong);
    expect('problem' in found && found.problem, wrong).toContain('is not a key: ');
  }
});

it('every character that can be typed is a key under the name by which it comes', () => {
  const char = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .filter((text) => [...text].length === 1);
  fc.assert(
    fc.property(char, (text) => {
      fc.pre(!/\p{Cc}/u.test(text));
      expect(keyOf(text)).toBe(nameOfChar(text));
    }),
  );
});
