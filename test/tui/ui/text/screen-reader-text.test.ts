import { expect, it } from 'vitest';
import { STATUS_DISPLAY } from '../../../../src/tui/home/job-state-display.ts';
import { screenReaderText } from '../../../../src/tui/ui/text/ascii.ts';

it('says words, and nothing that is drawn', () => {
  expect(screenReaderText('✗ failed     news        in 5m')).toBe('failed news in 5m');
  expect(screenReaderText('Duration  ▆█▇▇███▇  2m 17s to 3m 05s')).toBe('Duration 2m 17s to 3m 05s');
  expect(screenReaderText('██████░░░░ 12 of 40 pages · 36 pages/min')).toBe('12 of 40 pages, 36 pages/min');
  expect(screenReaderText('1 → 2')).toBe('1 to 2');
  expect(screenReaderText('────────')).toBe('');
});

it('names the arrows that are keys', () => {
  expect(['↑↓', '↑', '→'].map(screenReaderText)).toEqual(['Up and Down', 'Up', 'Right']);
});

it('leaves each state its word', () => {
  for (const { icon, word } of Object.values(STATUS_DISPLAY)) {
    const said = screenReaderText(`${icon} ${word}`);
    // ASCII signs are read as what they are.
    expect(said === word || said === `${icon} ${word}`, said).toBe(true);
    expect(said).toMatch(/^[\x20-\x7e]+$/);
  }
});
