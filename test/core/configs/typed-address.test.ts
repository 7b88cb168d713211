import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasTwoSchemes, oneWordHost, readTypedAddress } from '../../../src/core/configs/typed-address.ts';
import { canParseUrl } from '../../../src/core/lib/can-parse-url.ts';

const SHOP = 'https://shop.example/books?page=2#top';

/** Addresses as they stand in a browser's address bar. */
const addresses = fc
  .webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true, withFragments: true })
  .filter((url) => canParseUrl(url));

describe('an address that is typed or pasted', () => {
  it.each([
    ['whole', SHOP, SHOP],
    ['with nothing but a host', 'shop.example', 'https://shop.example'],
    ['without a scheme', 'www.shop.example/books', 'https://www.shop.example/books'],
    ['with a port', 'shop.example:8443/a', 'https://shop.example:8443/a'],
    ['at the port of http', 'shop.example:80/a', 'http://shop.example:80/a'],
    ['as a page would write it', '//shop.example/a', 'https://shop.example/a'],
    ['after the scheme that stood there', `https://${SHOP}`, SHOP],
    ['after two of them', `https://https://${SHOP}`, SHOP],
    ['after another scheme', 'https://http://shop.example/', 'http://shop.example/'],
    ['with quotes after the scheme that stood there', `https:// "${SHOP}"`, SHOP],
    ['after a scheme and a space', `https:// ${SHOP}`, SHOP],
    ['with a scheme without its slashes', 'https:shop.example', 'https://shop.example'],
    ['with a scheme without its colon', 'https//shop.example', 'https://shop.example'],
    ['doubled without a colon', 'https://https//shop.example/', 'https://shop.example/'],
    ['with one slash', 'http:/shop.example/a', 'http://shop.example/a'],
    ['with its slashes turned', String.raw`https:\\shop.example`, 'https://shop.example'],
    ['in capitals', 'HTTPS://Shop.Example/A', 'https://Shop.Example/A'],
    [
      'with another address in its path',
      `https://archive.example/${SHOP}`,
      `https://archive.example/${SHOP}`,
    ],
    ['of a host that is called so', 'https://https.example/', 'https://https.example/'],
    ['with an accent', 'bücher.example', 'https://bücher.example'],
    ['with brackets at its end', 'https://wiki.example/Foo_(bar)', 'https://wiki.example/Foo_(bar)'],
    ['of this machine', 'localhost:8080/list', 'http://localhost:8080/list'],
    ['of this machine, as an IP address', '127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['of version 6', '[::1]:8080/a', 'http://[::1]:8080/a'],
    ['of version 6 without brackets', '::1', 'http://[::1]'],
    ['of a name that is a private one', 'nas.local', 'http://nas.local'],
    ['of one’s own network', 'http://wiki/books', 'http://wiki/books'],
    ['of a container called http', 'http://http:8080/', 'http://http:8080/'],
    ['of a user called http', 'https://http:pass@shop.example/', 'https://http:pass@shop.example/'],
    ['with a dot at the end of its host', 'https://shop.example./', 'https://shop.example./'],
    [
      'with marks within it that nobody sees',
      'https://shop.exam\u00adple/a\u200bb\u202e/',
      'https://shop.example/ab/',
    ],
    [
      'as a line of the dashboard shows such marks',
      '\ufffdhttps://shop.example/a\ufffdb',
      'https://shop.example/ab',
    ],
  ])('%s is understood', (_what, typed, url) => {
    expect(readTypedAddress(typed)).toEqual({ url });
  });

  it.each([
    ['lines and spaces', `\n  ${SHOP}\r\n`],
    ['quotes', `"${SHOP}"`],
    ['quotes and a comma', `  '${SHOP}',`],
    ['half of its quotes', `${SHOP}"`],
    ['quotes of a text', `“${SHOP}”`],
    ['brackets', `<${SHOP}>`],
    ['quotes in brackets', `(«${SHOP}»).`],
    ['ticks', `\`${SHOP}\``],
    ['marks that nobody sees', `\ufeff${SHOP}\u200b`],
  ])('has no %s around it', (_what, typed) => {
    expect(readTypedAddress(typed)).toEqual({ url: SHOP });
  });

  it.each([
    ['nothing', ' ', /an address is wanted/],
    ['a scheme alone', 'https://', /an address is wanted/],
    ['two schemes alone', 'https://https://', /an address is wanted/],
    ['the host that a doubled scheme makes', 'https://https/', /host "https" has no dot/],
    ['another scheme after one', 'https://ftp://shop.example/', /begins with two schemes/],
    ['a file after a scheme', 'https://file:///home/me/page.html', /begins with two schemes/],
    ['a mistyped scheme after one', 'https://htps://shop.example/', /begins with two schemes/],
    ['a host with two dots', 'https://shop..example/', /not a web address/],
    ['a host that begins with a dot', 'https://.example/', /not a web address/],
    ['a single word', 'shop', /host "shop" has no dot .* or http:\/\/shop for a host of your own network/],
    ['a single word with a port', 'wiki:8080/a', /or http:\/\/wiki:8080\/a for/],
    ['two addresses', 'https://a.example https://b.example', /a space in the address/],
    ['a file', '/home/me/page.html', /not a web address/],
    ['a file of this folder', './page.html', /not a web address/],
    ['a file of Windows', String.raw`C:\page.html`, /only http:\/\/ and https:\/\//],
    ['another scheme', 'ftp://shop.example', /only http:\/\/ and https:\/\//],
    ['a mail address', 'mailto:a@shop.example', /only http:\/\/ and https:\/\//],
    ['a number', '42', /not a web address/],
    ['a host with a quote', 'https://a"b.example/', /not a web address/],
    ['a link of Markdown', `[books](${SHOP})`, /not a web address/],
  ])('is refused when it is %s, with what to type', (_what, typed, says) => {
    const read = readTypedAddress(typed);
    if ('url' in read) throw new TypeError(`taken for ${read.url}`);
    expect(`${read.problem} ${read.hint}`).toMatch(says);
  });

  it('stays as it is when it is whole, and comes to the same after any number of schemes and marks', () => {
    const schemes = fc.array(fc.constantFrom('https://', 'http://', 'HTTPS://', 'https:', 'https//'));
    const marks = fc.constantFrom(['', ''], ['"', '"'], ['<', '>'], ['(', ')'], [' \n', '\t'], ['“', '”']);
    fc.assert(
      fc.property(addresses, schemes, marks, (url, before, [open = '', close = '']) => {
        expect(readTypedAddress(url)).toEqual({ url });
        expect(readTypedAddress(`${open}${before.join('')}${url}${close}`)).toEqual({ url });
      }),
    );
  });

  it('turns any input into a web address that parses to itself', () => {
    const typed = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('https', 'http', ':', '/', '//', '"', '<', ' ', '.', '[', 'a', '80', '@'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const read = readTypedAddress(text);
        if (!('url' in read)) return;
        expect(read.url).toMatch(/^https?:\/\/\S+$/);
        expect(canParseUrl(read.url)).toBe(true);
        expect(hasTwoSchemes(read.url)).toBe(false);
        expect(readTypedAddress(read.url)).toEqual(read);
      }),
    );
  });
});

describe('a host of one word', () => {
  it.each([
    ['http://wiki/a', 'wiki'],
    ['https://WIKI:8080', 'wiki'],
    ['http://wiki./', 'wiki'],
    ['https://https://shop.example/', 'https'],
  ])('is found in %s', (address, host) => {
    expect(oneWordHost(address)).toBe(host);
  });

  it.each([
    'https://shop.example/',
    'http://localhost:80/',
    'http://127.0.0.1/',
    'http://[::1]/',
    'wiki',
    'ftp://wiki/',
  ])('is not %s', (address) => {
    expect(oneWordHost(address)).toBeUndefined();
  });
});
