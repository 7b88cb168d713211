import { describe, expect, it } from 'vitest';
import { formatRelativeTime, formatTimestamp } from '../../../src/cli/render/format.ts';
import { pluralize } from '../../../src/core/lib/text.ts';

describe('words for people', () => {
  it.each([
    ['2026-11-25T09:00:00.000+01:00', '2026-11-25 09:00 +01:00'],
    ['2026-11-25T09:00:07.250+00:00', '2026-11-25 09:00:07 UTC'],
    [null, '-'],
  ])('the instant %s is %s', (instant, words) => {
    expect(formatTimestamp(instant)).toBe(words);
  });

  it('an instant lies ahead or behind', () => {
    const now = Date.parse('2026-11-25T08:00:00Z');
    expect(formatRelativeTime('2026-11-25T09:30:00.000+01:00', now)).toBe('in 30 min');
    expect(formatRelativeTime('2026-11-25T08:30:00.000+01:00', now)).toBe('30 min ago');
  });

  it('counts have their thousands parted and their nouns bent', () => {
    expect(pluralize(1, 'item')).toBe('1 item');
    expect(pluralize(1000, 'item')).toBe('1,000 items');
    expect(pluralize(0, 'entry', 'entries')).toBe('0 entries');
  });
});
