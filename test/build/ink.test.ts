import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Plugin, rolldown } from 'rolldown';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanLine } from '../../src/tui/ui/text/clean.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { HOSTILE } from '../tui/hostile-texts.ts';

/** What the tests need of Ink's parts; it gives no types for them. */
interface InkParts {
  Output: new (size: {
    width: number;
    height: number;
  }) => {
    write(x: number, y: number, text: string, options: { transformers: [] }): void;
    clip(clip: Clip): void;
    unclip(): void;
    get(): { output: string };
  };
  measureText(text: string): { width: number; height: number };
  wrapText(text: string, width: number, wrap: string): string;
}
type Clip = Record<'x1' | 'x2' | 'y1' | 'y2', number>;

const { inkPlugins, withWholeCharacters } = (await import(
  new URL('../../build/ink.mjs', import.meta.url).href
)) as { inkPlugins: Plugin[]; withWholeCharacters: Plugin };

/** Ink but for wide characters that something is drawn over. */
let plain: InkParts;
let ours: InkParts;

beforeAll(async () => {
  plain = await inkParts([withWholeCharacters]);
  ours = await inkParts(inkPlugins);
});

/** Ink's parts, bundled as the dashboard is. */
async function inkParts(plugins: Plugin[]): Promise<InkParts> {
  const ink = fileURLToPath(new URL('../../node_modules/ink/build/', import.meta.url));
  const entry = [
    `export { default as Output } from '${ink}output.js';`,
    `export { default as measureText } from '${ink}measure-text.js';`,
    `export { default as wrapText } from '${ink}wrap-text.js';`,
  ].join('\n');
  const virtual = {
    name: 'entry',
    resolveId: (id: string) => (id === 'parts' ? id : null),
    load: (id: string) => (id === 'parts' ? entry : null),
  };
  const bundle = await rolldown({ input: 'parts', platform: 'node', plugins: [virtual, ...plugins] });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const code = Buffer.from(output[0].code).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)) as InkParts;
}

/** Ink counts the cells of joiners and emoji styles in two ways, and cuts some off that there is room for. Ours stay. */
const COUNTED_ALIKE = HOSTILE.map(cleanLine).filter((text) => !/\u200c|\u200d|\ufe0e|\ufe0f/u.test(text));

const styled = fc
  .tuple(fc.constantFrom(...COUNTED_ALIKE, 'plain', '▁▂▃ … ✓ ·'), fc.constantFrom('', '1', '2', '7', '31'))
  .map(([text, style]) => (style === '' ? text : `\u001b[${style}m${text}\u001b[${endOf(style)}m`));

function endOf(style: string): string {
  if (style === '31') return '39';
  return style === '7' ? '27' : '22';
}

it('the frames of the bundle are those of Ink, one after the other, whatever is written and however it is clipped', () => {
  const at = fc.integer({ min: -3, max: 30 });
  const written = fc.record({
    x: at,
    y: fc.integer({ min: 0, max: 5 }),
    parts: fc.array(styled, { maxLength: 3 }),
  });
  const frame = fc.record({ left: at, width: fc.integer({ min: 1, max: 30 }), writes: fc.array(written) });
  const drawn = (
    { Output }: InkParts,
    { left, width, writes }: typeof frame extends fc.Arbitrary<infer F> ? F : never,
  ) => {
    const output = new Output({ width: 40, height: 6 });
    output.clip({ x1: Math.max(0, left), x2: Math.max(0, left) + width, y1: 0, y2: 6 });
    for (const { x, y, parts } of writes) output.write(x, y, parts.join(''), { transformers: [] });
    output.unclip();
    return output.get().output;
  };
  fc.assert(
    fc.property(frame, (each) => {
      expect(drawn(ours, each)).toBe(drawn(plain, each));
    }),
    { numRuns: 200 },
  );
});

describe('a wide character of which a half is drawn over', () => {
  const WIDTH = 12;
  const drawn = (texts: readonly (readonly [x: number, text: string])[]) => {
    const output = new ours.Output({ width: WIDTH, height: 1 });
    for (const [x, text] of texts) output.write(x, 0, text, { transformers: [] });
    return output.get().output;
  };
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
  }
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(16_000_000);
});
