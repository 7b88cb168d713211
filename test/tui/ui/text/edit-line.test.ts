import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyInput } from '../../../../src/tui/ui/input.ts';
import {
  type EditedLine,
  EMPTY_LINE,
  editLine,
  toEditedLine,
} from '../../../../src/tui/ui/text/edit-line.ts';

function edited(line: EditedLine, ...keys: readonly string[]): EditedLine {
  return keys.reduce((before, key) => {
    const input = [...key].length === 1 ? keyInput(key, key) : keyInput(key);
    return editLine(before, input) ?? before;
  }, line);
}

describe('a line that is edited', () => {
  it('takes characters where the cursor is', () => {
    expect(edited(EMPTY_LINE, 'a', 'c', 'left', 'b')).toEqual({ text: 'abc', cursor: 2 });
  });

  it('takes no more than ten thousand characters, so that a whole file pasted by mistake holds up nothing', () => {
    const paste = { kind: 'paste', text: '👍'.repeat(500_000) } as const;
    const { text, cursor } = editLine({ text: 'ab', cursor: 1 }, paste) ?? EMPTY_LINE;
    expect(text).toBe(`a${'👍'.repeat(4999)}b`);
    expect(cursor).toBe(9999);
    expect(edited({ text, cursor }, 'x', 'y').text.length).toBe(10_000);
  });

  it('takes back a whole character, however many code points it has', () => {
    expect(edited(toEditedLine('a👨‍👩‍👧'), 'backspace')).toEqual({ text: 'a', cursor: 1 });
    expect(edited({ text: 'é!', cursor: 0 }, 'delete')).toEqual({ text: '!', cursor: 0 });
  });

  it.each([
    ['ctrl+u', 'three', 0],
    ['ctrl+k', 'one two ', 8],
    ['ctrl+w', 'one three', 4],
    ['alt+b', 'one two three', 4],
    ['ctrl+right', 'one two three', 13],
    ['home', 'one two three', 0],
    ['ctrl+e', 'one two three', 13],
  ])('knows %s', (key, text, cursor) => {
    const line = { text: 'one two three', cursor: 8 };
    expect(edited(line, key)).toEqual({ text, cursor });
  });

  it('takes a paste as one line that cannot steer a terminal', () => {
    expect(editLine(toEditedLine('a'), { kind: 'paste', text: 'b\nc\u001b[A' })).toEqual(
      toEditedLine('ab c�[A'),
    );
  });

  it('leaves alone what means nothing to it', () => {
    expect(editLine(toEditedLine('a'), keyInput('enter'))).toBeUndefined();
    expect(editLine(toEditedLine('a'), keyInput('ctrl+s'))).toBeUndefined();
  });

  it('keeps its cursor within the text, between characters', () => {
    const keys = [
      'a',
      '🚀',
      'left',
      'right',
      'home',
      'end',
      'backspace',
      'delete',
      'ctrl+w',
      'alt+b',
      'alt+f',
      'ctrl+k',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 40 }), (pressed) => {
        const { text, cursor } = edited(EMPTY_LINE, ...pressed);
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(text.length);
        expect([...text.slice(0, cursor)].some((char) => /^[\ud800-\udfff]$/.test(char))).toBe(false);
      }),
    );
  });
});
