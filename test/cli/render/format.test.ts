import { describe, expect, it } from 'vitest';
import { formatRelativeTime, formatTimestamp } from '../../../src/cli/render/format.ts';
import { formatBytes } from '../../../src/core/lib/format-bytes.ts';
import { formatDuration } from '../../../src/core/lib/format-duration.ts';
import { pluralize } from '../../../src/core/lib/text.ts';

describe('words for people', () => {
  it.each([
    [0, '0 ms'],
    [240, '240 ms'],
    [1000, '1 s'],
    [1234, '1.2 s'],
    [59_940, '59.9 s'],
    [59_990, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [352_800_000, '4 d 2 h'],
    [null, '-'],
  ])('a duration of %s ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

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

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 KB'],
    [2_500_000, '2.5 MB'],
  ])('%s bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});
