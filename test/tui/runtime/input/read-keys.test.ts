import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyReader } from '../../../../src/tui/runtime/input/keyboard.ts';
import type { Input } from '../../../../src/tui/ui/input.ts';

/** Sequences, with the name of the key that each is. */
const KEYS: readonly (readonly [sent: string, key: string])[] = [
  ['j', 'j'],
  ['G', 'G'],
  [' ', 'space'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\u001b[Z', 'shift+tab'],
  ['\u007f', 'backspace'],
  ['\b', 'backspace'],
  ['\u001b[3~', 'delete'],
  ['\u0003', 'ctrl+c'],
  ['\u001a', 'ctrl+z'],
  ['\u001f', 'ctrl+_'],
  ['\u0000', 'ctrl+space'],
  ['\u001b[A', 'up'],
  ['\u001bOA', 'up'],
  ['\u001b[1;5C', 'ctrl+right'],
  ['\u001b[1;2A', 'shift+up'],
  ['\u001b[1;4B', 'alt+shift+down'],
  ['\u001b[5~', 'pageup'],
  ['\u001b[6;5~', 'ctrl+pagedown'],
  ['\u001b[H', 'home'],
  ['\u001b[4~', 'end'],
  ['\u001bOP', 'f1'],
  ['\u001b[15~', 'f5'],
  ['\u001b[[A', 'f1'],
  ['\u001bx', 'alt+x'],
  ['\u001b\u007f', 'alt+backspace'],
  ['\u001b\r', 'alt+enter'],
  ['\u001b\u001b[A', 'alt+up'],
  ['価', '価'],
  ['🚀', '🚀'],
];

describe('reading keys', () => {
  it.each(KEYS)('%j is %s', (sent, key) => {
    const reader = new KeyReader();
    expect(reader.read(sent)).toEqual([{ kind: 'key', key, text: textOf(sent) }]);
    expect(reader.waiting).toBeUndefined();
  });

  it('gives one event a key for several in one chunk', () => {
    expect(keysOf(new KeyReader().read('/ab\r'))).toEqual(['/', 'a', 'b', 'enter']);
  });

  it('takes the terminal’s answer about its background for no key, however it is cut', () => {
    const answer = '\u001b]11;rgb:ffff/ffff/ffff\u001b\\';
    for (let at = 0; at <= answer.length; at++) {
      const backgrounds: string[] = [];
      const reader = new KeyReader((background) => backgrounds.push(background));
      const inputs = [...reader.read(`a${answer.slice(0, at)}`), ...reader.read(`${answer.slice(at)}b`)];
      expect(keysOf(inputs)).toEqual(['a', 'b']);
      expect(backgrounds).toEqual(['light']);
    }
  });

  it('takes Alt and ] for a key once nothing followed', () => {
    const reader = new KeyReader();
    expect(reader.read('\u001b]')).toEqual([]);
    expect(keysOf(reader.flush())).toEqual(['alt+]']);
    expect(keysOf(reader.read('\u001b]x'))).toEqual(['alt+]', 'x']);
  });

  it('takes a lone escape for Esc once nothing followed', () => {
    const reader = new KeyReader();
    expect(reader.read('\u001b')).toEqual([]);
    expect(reader.waiting).toBe('escape');
    expect(keysOf(reader.flush())).toEqual(['escape']);
    expect(reader.waiting).toBeUndefined();
  });

  it('reads two escapes, and an escape right before a key, as typed', () => {
    const reader = new KeyReader();
    expect(keysOf([...reader.read('\u001b\u001b'), ...reader.flush()])).toEqual(['escape', 'escape']);
    expect(keysOf(reader.read('\u001b\u001bj'))).toEqual(['escape', 'alt+j']);
  });

  it('gives a paste as one text, keys in it notwithstanding', () => {
    const pasted = 'one\r\ntwo\u001b[A\u0003 [201~';
    expect(new KeyReader().read(`a\u001b[200~${pasted}\u001b[201~b`)).toEqual([
      { kind: 'key', key: 'a', text: 'a' },
      { kind: 'paste', text: 'one\ntwo\u001b[A\u0003 [201~' },
      { kind: 'key', key: 'b', text: 'b' },
    ]);
  });

  it('ends a paste whose end was lost, so that keys count again', () => {
    const reader = new KeyReader();
    expect(reader.read('\u001b[200~one\u001b[20')).toEqual([]);
    expect(reader.waiting).toBe('paste');
    expect(reader.flush()).toEqual([{ kind: 'paste', text: 'one\u001b[20' }]);
    expect(keysOf(reader.read('\u0003'))).toEqual(['ctrl+c']);
  });

  it.each([
    ['\u001b[<0;10;5M', { what: 'press', button: 'left', column: 9, row: 4 }],
    ['\u001b[<2;1;1m', { what: 'release', button: 'right', column: 0, row: 0 }],
    ['\u001b[<32;3;4M', { what: 'drag', button: 'left', column: 2, row: 3 }],
    ['\u001b[<64;3;4M', { what: 'wheel_up', button: 'none' }],
    ['\u001b[<65;3;4M', { what: 'wheel_down', button: 'none' }],
    ['\u001b[<20;3;4M', { what: 'press', button: 'left', shift: true, ctrl: true, alt: false }],
  ])('knows what the mouse did: %j', (sent, event) => {
    expect(new KeyReader().read(sent)).toMatchObject([{ kind: 'mouse', ...event }]);
  });

  it('makes no text of sequences that it does not know', () => {
    const unknown = ['\u001b[?1;2c', '\u001b[200;300;400z', '\u001b[>0;276;0c', '\u001bOz', '\u001b[1;1'];
    for (const sent of unknown) {
      const reader = new KeyReader();
      const inputs = [...reader.read(sent), ...reader.flush()];
      expect(inputs.filter((input) => input.kind === 'key' && input.text !== '')).toEqual([]);
      expect(keysOf(reader.read('j'))).toEqual(['j']);
    }
  });

  it('gives the same keys however they are cut into chunks', () => {
    const pieces = [
      ...KEYS.map(([sent]) => sent),
      '\u001b[200~pasted\u001b[A text\u001b[201~',
      '\u001b[<0;10;5M',
      '\u001b[?1;2c',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 12 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (sent, sizes) => {
          const all = sent.join('');
          expect(readInChunks(all, sizes)).toEqual([...new KeyReader().read(all)]);
        },
      ),
    );
  });

  it('never fails, keeps nothing for ever, and loses nothing that follows noise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (noise) => {
        const reader = new KeyReader();
        reader.read(noise);
        reader.flush();
        expect(keysOf([...reader.read('j'), ...reader.flush()])).toEqual(['j']);
      }),
    );
  });
});

function readInChunks(all: string, sizes: Iterable<number>): Input[] {
  const reader = new KeyReader();
  const inputs: Input[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= all.length) break;
    inputs.push(...reader.read(all.slice(at, at + size)));
    at += size;
  }
  return inputs;
}

function keysOf(inputs: readonly Input[]): string[] {
  return inputs.map((input) => (input.kind === 'key' ? input.key : input.kind));
}

function textOf(sent: string): string {
  return sent >= ' ' && !sent.startsWith('\u007f') ? sent : '';
}
