import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Plugin, rolldown } from 'rolldown';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectGarbage } from '../collect-garbage.ts';

/** What the tests need of Ink's parts; it gives no types for them. */
interface InkParts {
  Output: new (size: {
    width: number;
    height: number;
  }) => {
    write(x: number, y: number, text: string, options: { transformers: [] }): void;
    get(): { output: string };
  };
  measureText(text: string): { width: number; height: number };
  wrapText(text: string, width: number, wrap: string): string;
}

const { patches } = (await import(new URL('../../build/bundle/patches.mjs', import.meta.url).href)) as {
  patches: Plugin & { transform(code: string, id: string): { code: string } | null };
};
const INK = fileURLToPath(new URL('../../node_modules/ink/build/', import.meta.url));

let ours: InkParts;

/** Ink's parts, bundled as the dashboard is. */
beforeAll(async () => {
  const entry = [
    `export { default as Output } from '${INK}output.js';`,
    `export { default as measureText } from '${INK}measure-text.js';`,
    `export { default as wrapText } from '${INK}wrap-text.js';`,
  ].join('\n');
  const virtual = {
    name: 'entry',
    resolveId: (id: string) => (id === 'parts' ? id : null),
    load: (id: string) => (id === 'parts' ? entry : null),
  };
  const bundle = await rolldown({ input: 'parts', platform: 'node', plugins: [virtual, patches] });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const code = Buffer.from(output[0].code).toString('base64');
  ours = (await import(`data:text/javascript;base64,${code}`)) as InkParts;
});

type Writes = readonly (readonly [x: number, text: string])[];

/** The line that Ink makes of these texts. */
function draw(width: number, texts: Writes): string {
  const output = new ours.Output({ width, height: 1 });
  for (const [x, text] of texts) output.write(x, 0, text, { transformers: [] });
  return output.get().output;
}

describe('what is drawn again', () => {
  const RED = '\u001b[31mred\u001b[39m';
  const BOLD = '\u001b[1mbold\u001b[22m';

  it('looks the same, alone and above other texts', () => {
    const alone = draw(20, [[0, RED]]);
    expect(alone).toBe(RED);
    expect(
      draw(20, [
        [0, '一二三四五六七八九十'],
        [0, RED],
        [4, BOLD],
      ]),
    ).toBe(`${RED} ${BOLD}五六七八九十`);
    expect(draw(20, [[0, RED]])).toBe(alone);
    expect(draw(20, [[0, `a${RED}${BOLD}b`]])).toBe(`a${RED}${BOLD}b`);
  });

  it('has only the styles of its own texts, whatever was drawn before', () => {
    const text = fc
      .array(fc.constantFrom('a', '長', RED, BOLD, ' '), { maxLength: 4 })
      .map((all) => all.join(''));
    const writes = fc.array(fc.tuple(fc.nat(16), text), { maxLength: 5 });
    fc.assert(
      fc.property(writes, writes, (first, second) => {
        const before = draw(20, first);
        draw(20, second);
        expect(draw(20, first)).toBe(before);
        expect(before.includes('\u001b[31m')).toBe(before.includes('\u001b[39m'));
      }),
    );
  });
});

describe('a wide character of which a half is drawn over', () => {
  const WIDTH = 12;
  const drawn = (texts: Writes) => draw(WIDTH, texts);
  const ROW = [0, '日本語日本語'] as const;

  it('leaves a blank', () => {
    expect(drawn([ROW, [3, '│']])).toBe('日 │語日本語');
    expect(drawn([ROW, [4, '│']])).toBe('日本│ 日本語');
    expect(drawn([ROW, [3, '│ab│']])).toBe('日 │ab│ 本語');
    expect(drawn([ROW, [1, '長']])).toBe(' 長 語日本語');
  });

  it('and whatever else is drawn, the end of the line stays where it was', () => {
    const write = fc.tuple(fc.nat(WIDTH - 4), fc.constantFrom('│', 'ab', '長', '🇩🇪x', 'é長'));
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), (writes) => {
        expect(stringWidth(drawn([ROW, ...writes, [WIDTH - 1, '│']]))).toBe(WIDTH);
      }),
    );
  });
});

it('a text that is no longer drawn is not kept', () => {
  const long = 'x'.repeat(4_000);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 5_000; index += 1) {
    const text = `${index}${long}`;
    expect(ours.measureText(text).width).toBe(text.length);
    ours.wrapText(text, 40, 'truncate-end');
    if (index < 100) draw(text.length, [[0, text]]);
  }
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(16_000_000);
});

it('a patch that no longer fits its package ends the build, and names itself', () => {
  expect(() => patches.transform('export default class Output {}', `${INK}output.js`)).toThrow(
    /ink-characters-kept\.patch does not fit .*output\.js: the package has changed/,
  );
  expect(patches.transform('', `${INK}box.js`)).toBe(null);
});
