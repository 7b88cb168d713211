import { expect, it } from 'vitest';
import { findCursor } from '../../../../src/tui/runtime/terminal/screen.ts';

const INVERSE = '\u001b[7m';
const PLAIN = '\u001b[27m';

it('is at the selected row, after any styles and wide letters', () => {
  expect(findCursor(['Jobs', `${INVERSE}▌ news${PLAIN}`, '  books'])).toEqual({ row: 1, column: 0 });
  expect(findCursor(['Jobs', `\u001b[31m価格\u001b[39m: ${INVERSE}x${PLAIN}`])).toEqual({
    row: 1,
    column: 6,
  });
});

it('is in the dialog rather than in the list below it', () => {
  const frame = ['Jobs', `  a ┌──┐`, `  b │ ${INVERSE}c${PLAIN}│`, '  d └──┘', `${INVERSE}▌ e${PLAIN}`];
  expect(findCursor(frame)).toEqual({ row: 2, column: 6 });
});

it('is in the list rather than in the field above it', () => {
  expect(findCursor([`: ab${INVERSE} ${PLAIN}`, 'one', `${INVERSE}two${PLAIN}`])).toEqual({
    row: 2,
    column: 0,
  });
  expect(findCursor([`: ab${INVERSE} ${PLAIN}`, 'one'])).toEqual({ row: 0, column: 4 });
});

it('is nowhere when nothing is selected', () => {
  expect(findCursor(['Jobs', '\u001b[1mnone\u001b[22m'])).toBeUndefined();
});
