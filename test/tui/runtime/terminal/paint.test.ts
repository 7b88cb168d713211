import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../../src/core/lib/display-width.ts';
import { paint } from '../../../../src/tui/runtime/terminal/screen.ts';

const SIZE = { columns: 12, rows: 5 };

/** Lines as views make them: styled pieces, wide letters among them, never wider than the screen. */
const line = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '\u001b[31m', '\u001b[7m', '\u001b[1;2m'),
      fc.constantFrom('a', 'bc', ' ', '価', 'é', '…', '│'),
    ),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => {
    let text = '';
    let cells = 0;
    for (const [style, piece] of pieces) {
      if (cells + displayWidth(piece) > SIZE.columns) break;
      cells += displayWidth(piece);
      text += style === '' ? piece : `${style}${piece}\u001b[0m`;
    }
    return text;
  });
const frame = fc.array(line, { maxLength: SIZE.rows });

describe('painting a frame over another', () => {
  it('shows the new frame after any former one, and never clears the screen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 4 }), async (frames) => {
        const shown = terminal();
        let old: readonly string[] | undefined;
        for (const next of frames) {
          const bytes = paint(old, next, SIZE.rows);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
          expect(bytes).not.toMatch(/\u001b\[[23]?J/);
          await write(shown, bytes);
          old = next;
        }
        const fresh = terminal();
        await write(
          fresh,
          (frames.at(-1) ?? []).map((text, row) => `\u001b[${row + 1};1H\u001b[?7l${text}`).join(''),
        );
        expect(cellsOn(shown)).toEqual(cellsOn(fresh));
      }),
      { numRuns: 200 },
    );
  });

  it('covers a screen of which nothing is known', async () => {
    const shown = terminal();
    await write(shown, 'xxxxxxxxxxxx'.repeat(SIZE.rows));
    await write(shown, paint(undefined, ['top'], SIZE.rows));
    expect(textOn(shown)).toEqual(['top', '', '', '', '']);
  });

  it('writes nothing when nothing differs, and only the line that does', () => {
    expect(paint(['a', 'b'], ['a', 'b'], 5)).toBe('');
    expect(paint(['a', 'b', 'c'], ['a', 'B', 'c'], 5)).toBe(
      '\u001b[?2026h\u001b[?7l\u001b[2;1H\u001b[0m\u001b[KB\u001b[0m\u001b[?7h\u001b[?2026l',
    );
  });

  it('lets no sequence but styles through', () => {
    const bytes = paint([], ['a\u001b[2Jb\u001b]0;title\u0007c\u001b[31md\u009b5n\re\tf'], 1);
    expect(bytes).toContain('a�[2Jb�]0;title�c\u001b[31md�5n�e�f');
  });
});

function terminal(): xterm.Terminal {
  return new xterm.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
}

function write(to: xterm.Terminal, bytes: string): Promise<void> {
  return new Promise((resolve) => to.write(bytes, resolve));
}

function textOn({ buffer: { active } }: xterm.Terminal): string[] {
  return Array.from({ length: SIZE.rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
}

/** Each cell with what of its style can be seen. */
function cellsOn({ buffer: { active } }: xterm.Terminal) {
  return Array.from({ length: SIZE.rows * SIZE.columns }, (_, at) => {
    const cell = active.getLine(Math.floor(at / SIZE.columns))?.getCell(at % SIZE.columns);
    return cell && [cell.getChars() || ' ', cell.getFgColor(), cell.isInverse(), cell.isBold(), cell.isDim()];
  });
}
