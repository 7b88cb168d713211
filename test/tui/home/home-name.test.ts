import { expect, it } from 'vitest';
import { homeName, programTitle, shortHomeName } from '../../../src/tui/home/home-name.ts';
import { textWidth } from '../../../src/tui/ui/text/fit.ts';

it('names a home relative to the user’s folder', () => {
  expect(homeName('/home/ann/.quickscrape', '/home/ann')).toBe('~/.quickscrape');
  expect(homeName('/home/anna/.quickscrape', '/home/ann')).toBe('/home/anna/.quickscrape');
  expect(homeName('/root', '/')).toBe('/root');
  expect(homeName('/srv/a\u001b]2;x', '/home/ann')).not.toContain('\u001b');
});

it('is shortened from the left, and never through the middle of a letter', () => {
  expect(shortHomeName('~/.quickscrape', 14)).toBe('~/.quickscrape');
  expect(shortHomeName('~/shops/価格', 6)).toBe('…/価格');
  expect(shortHomeName('~/shops/価格', 5)).toBe('…価格');
  expect(shortHomeName('~/shops/価格', 4)).toBe('…格');
  for (let cells = 0; cells < 14; cells += 1)
    expect(textWidth(shortHomeName('~/shops/価格', cells))).toBeLessThanOrEqual(cells);
});

it('is in the title of the window', () => {
  expect(programTitle({ homeName: '~/a', readOnly: true })).toBe('QuickScrape ~/a [read-only]');
  expect(programTitle({ homeName: '~/a', readOnly: false })).toBe('QuickScrape ~/a');
});
