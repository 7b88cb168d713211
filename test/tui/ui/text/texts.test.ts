import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { displayWidth, truncateToWidth } from '../../../../src/core/lib/display-width.ts';
import { sanitizeText } from '../../../../src/core/lib/sanitize-text.ts';
import { asAscii } from '../../../../src/tui/ui/text/ascii.ts';
import { cleanLines, fitTo } from '../../../../src/tui/ui/text/fit.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .array(fc.constantFrom('a', '価', '👨‍👩‍👧', 'é', '🚀', ' '), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

describe('a clean text', () => {
  it('has nothing that a terminal acts upon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (foreign) => {
        expect(sanitizeText(foreign)).toMatch(/^\P{Cc}*$/u);
      }),
    );
  });

  it('shows where something was taken out, and keeps its lines where there may be several', () => {
    expect(sanitizeText('a\u001b[31mb\r\nc\td')).toBe('a�[31mb c d');
    expect(cleanLines('a\tb\r\n\u001bc')).toEqual(['a   b', '�c']);
  });
});

describe('fitting a text', () => {
  it('counts what the terminal shows for half a character', () => {
    const shown = Buffer.from(fitTo(sanitizeText('\ud83d half \udc00'), 12)).toString();
    expect(shown).toBe('� half �    ');
    expect(stringWidth(shown)).toBe(12);
  });

  it('looks only at the beginning of one that is far too long, however little room its characters take', () => {
    const short = truncateToWidth(`e${'\u0301'.repeat(1_000_000)}nd`, 5);
    expect(short.length).toBeLessThan(200);
    expect(short).toMatch(/…$/);
    expect(truncateToWidth('日'.repeat(1_000_000), 5)).toBe('日日…');
  });

  it('gives exactly as many cells as asked for', () => {
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom('left', 'right'),
        (any, cells, align) => {
          expect(stringWidth(fitTo(sanitizeText(any), cells, align))).toBe(cells);
        },
      ),
    );
  });

  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['価格チェック', 5, '価格…'],
    ['価格チェック', 6, '価格…'],
    ['👨‍👩‍👧 family', 4, '👨‍👩‍👧 …'],
    ['x', 0, ''],
  ])('cuts %j to %d cells as %j', (whole, cells, expected) => {
    expect(truncateToWidth(whole, cells)).toBe(expected);
  });

  it('counts cells as Ink does', () => {
    expect(['abc', '価格', '🚀', 'é'].map(displayWidth)).toEqual([3, 4, 2, 1]);
  });
});

it('what we draw with has an ASCII letter of the same width, and other scripts stay', () => {
  const drawn = '✓✗●○▌│─…▁▂▃▄▅▆▇█↑↓◇◌▶–·░▏▎▍▋▊▉';
  expect(asAscii(drawn)).toMatch(/^[\x20-\x7e]+$/);
  expect(asAscii(drawn)).toHaveLength(drawn.length);
  expect(asAscii('価格 é')).toBe('価格 é');
});
