import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canParseUrl } from '../../../src/core/lib/can-parse-url.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { toAbsoluteUrl } from '../../../src/scrape/extract/read-link.ts';

const BASES = ['https://shop.example/a/b?c', 'http://127.0.0.1:8080', 'https://user@shop.example/#x'];

it('a relative address becomes what a browser makes of it', () => {
  const part = fc.constantFrom(
    '/',
    '//',
    '.',
    '..',
    '%2e',
    'a',
    'B9',
    '?',
    '#',
    ':',
    "'",
    ' ',
    'é',
    '\\',
    '@',
    '{',
    '~',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom(...BASES), (parts, base) => {
      const page = loadPage(Buffer.from('<p>'), 'text/html', base);
      const address = parts.join('');
      if (address.trim() === '' || /^[a-z][a-z0-9+.-]*:/i.test(address.trim())) return;
      const expected = canParseUrl(address.trim(), base) ? new URL(address.trim(), base).href : address;
      expect(toAbsoluteUrl(page, address)).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});
