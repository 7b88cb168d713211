import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/lib/display-width.ts';
import { programTitle, shortenHomeName } from '../../../src/tui/app/header.ts';
import { describeMachine, formatHomeName } from '../../../src/tui/home/openable-home.ts';

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

it('of another machine keeps its name where there is little room', () => {
  expect(shortenHomeName('@paris over ssh', 15)).toBe('@paris over ssh');
  expect(shortenHomeName('@paris over ssh', 14)).toBe('@paris');
  expect(shortenHomeName('@night-shop over ssh', 8)).toBe('…ht-shop');
});

it('of this machine stands behind a file, if the dashboard is shown on another one', () => {
  expect(describeMachine({})).toBe('');
  expect(describeMachine({ QUICKSCRAPE_HOME_LABEL: '@paris over ssh' })).toBe(` on ${hostname()}`);
});

it('is in the title of the window', () => {
  expect(programTitle({ homeName: '~/a', readOnly: true })).toBe('QuickScrape ~/a [read-only]');
  expect(programTitle({ homeName: '~/a', readOnly: false })).toBe('QuickScrape ~/a');
});
