import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/lib/display-width.ts';
import { programTitle, shortenHomeName } from '../../../src/tui/app/header.ts';
import { formatHomeName } from '../../../src/tui/home/openable-home.ts';

it('names a home relative to the user’s folder', () => {
  expect(formatHomeName('/home/ann/.quickscrape', '/home/ann')).toBe('~/.quickscrape');
  expect(formatHomeName('/home/anna/.quickscrape', '/home/ann')).toBe('/home/anna/.quickscrape');
  expect(formatHomeName('/root', '/')).toBe('/root');
  expect(formatHomeName('/srv/a\u001b]2;x', '/home/ann')).not.toContain('\u001b');
});

it('is shortened from the left, and never through the middle of a letter', () => {
  expect(shortenHomeName('~/.quickscrape', 14)).toBe('~/.quickscrape');
  expect(shortenHomeName('~/shops/価格', 6)).toBe('…/価格');
  expect(shortenHomeName('~/shops/価格', 5)).toBe('…価格');
  expect(shortenHomeName('~/shops/価格', 4)).toBe('…格');
  for (let cells = 0; cells < 14; cells += 1)
    expect(displayWidth(shortenHomeName('~/shops/価格', cells))).toBeLessThanOrEqual(cells);
});

it('is in the title of the window', () => {
  expect(programTitle({ homeName: '~/a', readOnly: true })).toBe('QuickScrape ~/a [read-only]');
  expect(programTitle({ homeName: '~/a', readOnly: false })).toBe('QuickScrape ~/a');
});
