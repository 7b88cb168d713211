import { describe, expect, it } from 'vitest';
import { lacks } from '../../platform.ts';
import { BROTLI_BOMB, DEFLATE_BOMB, GZIP_BOMB, NESTED_BOMB } from './bombs.ts';
import { brokenServer, endless, hostileSite, type Page, servePage } from './hostile-site.ts';
import { measuredRun, measuredTestRun } from './measured-run.ts';

const MAX_MB = 200;
/** Pages of megabytes that are read, one after the other, the parser's own strings take most of it: 180 to 210 were seen on Node 20, to 311 on 26. */
const MAX_MB_LARGE = 350;
const linux = describe.skipIf(lacks('linux'));

/** What stands on a page that can be read, and how it is written. */
const READ: Record<string, Page> = {
  utf8: { body: '<h1>Grüße 本</h1>', type: 'text/html; charset=utf-8' },
  absent: { body: '<h1>Grüße 本</h1>' },
  latin1: { body: Buffer.from('<h1>Grüße</h1>', 'latin1'), type: 'text/html; charset=iso-8859-1' },
  'latin1 unsaid': { body: Buffer.from('<h1>Grüße</h1>', 'latin1') },
  'header before meta': { body: '<meta charset=latin1><h1>Grüße</h1>', type: 'text/html; charset=utf-8' },
  shiftjis: {
    body: Buffer.concat([Buffer.from('<h1>'), Buffer.from('8365835883670d', 'hex'), Buffer.from('</h1>')]),
    type: 'text/html; charset=Shift_JIS',
  },
  'utf16 with mark': { body: Buffer.from('\ufeff<h1>Grüße 本</h1>', 'utf16le') },
  'mark before header': { body: '\ufeff<h1>Grüße</h1>', type: 'text/html; charset=latin1' },
  'meta late': {
    body: Buffer.from(`<!--${' '.repeat(3_000)}--><meta charset=latin1><h1>Grüße</h1>`, 'latin1'),
  },
  unknown: { body: '<h1>Grüße</h1>', type: 'text/html; charset=klingon' },
  deep: { body: `${'<div>'.repeat(10_000)}<h1>Grüße</h1>` },
  'huge attribute': { body: `<i title="${'x'.repeat(5_000_000)}"></i><h1>Grüße</h1>` },
  'huge text': { body: `<h1>Grüße</h1><p>${'x '.repeat(2_000_000)}` },
  'many attributes': {
    body: `<i ${Array.from({ length: 5_000 }, (_, n) => `a${n}`).join(' ')}></i><h1>Grüße</h1>`,
  },
};

/** What of a page that is refused the log says. */
const REFUSED: Record<string, [Page, RegExp]> = {
  gzip: [{ body: GZIP_BOMB, coding: 'gzip' }, /over 10\.0 MB \(unpacked\)/],
  deflate: [{ body: DEFLATE_BOMB, coding: 'deflate' }, /over 10\.0 MB \(unpacked\)/],
  brotli: [{ body: BROTLI_BOMB, coding: 'br' }, /over 10\.0 MB \(unpacked\)/],
  nested: [{ body: NESTED_BOMB, coding: 'gzip, gzip, gzip' }, /over 10\.0 MB \(unpacked\)/],
  'nested deeper': [{ body: NESTED_BOMB, coding: 'gzip, gzip, gzip, gzip' }, /encoded 4 times over/],
  zstd: [{ body: Buffer.alloc(9, 1), coding: 'zstd' }, /"zstd", which was not requested/],
  endless: [{ answer: endless }, /over 10\.0 MB \(received\)/],
  loop: [{ body: '', status: 302, location: 'loop' }, /after 5 redirects/],
  'to file': [{ body: '', status: 302, location: 'file:///etc/passwd' }, /redirects to a file: address/],
  'to metadata': [{ body: '', status: 302, location: 'http://169.254.169.254/' }, /metadata addresses/],
  'to private': [{ body: '', status: 302, location: 'http://10.1.2.3/' }, /10\.1\.2\.3, an address in a/],
  'to loopback by name': [{ body: '', status: 302, location: 'http://localhost:1/' }, /localhost leads to/],
  'a million rows': [{ body: `<ul>${'<li>x'.repeat(1_000_000)}` }, /would take about 16\d MB of memory/],
  'too deep': [{ body: '<div>'.repeat(100_000) }, /nests its elements too deep/],
  'too deep in UTF-16': [{ body: Buffer.from(`\ufeff${'<div>'.repeat(100_000)}`, 'utf16le') }, /too deep/],
  'made of few tags': [
    {
      body: `<p>${Array.from({ length: 2_000 }, (_, n) => `<b a=${n}>`).join('')}${'<p>x'.repeat(20_000)}`,
    },
    /makes far more elements than it has tags/,
  ],
  'attributes without end': [
    { body: `<i ${Array.from({ length: 500_000 }, (_, n) => `a${n}`).join(' ')}>` },
    /too many attributes/,
  ],
};

const expected = (name: string) =>
  ['utf8', 'absent', 'utf16 with mark'].includes(name)
    ? 'Grüße 本'
    : name === 'shiftjis'
      ? 'テスト'
      : 'Grüße';

const isMarkup = (page: Page) => 'body' in page && page.coding === undefined && page.location === undefined;
const only = (fits: (page: Page) => boolean) =>
  Object.fromEntries(Object.entries(REFUSED).filter(([, [page]]) => fits(page)));

linux('pages that want to do harm', () => {
  it.each([
    ['that unpack, run or lead without end', {}, only((page) => !isMarkup(page)), MAX_MB],
    ['of markup that takes memory and time', {}, only(isMarkup), MAX_MB],
    ['that are large or written strangely', READ, {}, MAX_MB_LARGE],
  ])('%s are refused or read right as the pages of rows', async (_, READ, REFUSED, mostMb) => {
    const pages = {
      ...READ,
      ...Object.fromEntries(Object.entries(REFUSED).map(([name, [page]]) => [name, page])),
    };
    const paths = new Map(Object.keys(pages).map((name, n) => [name, `/${n}`]));
    const site = await hostileSite({});
    for (const [name, page] of Object.entries(pages)) servePage(site, paths.get(name) ?? '', page);
    const headers = await brokenServer('HTTP/1.1 200 OK\r\n', `X-A: ${'a'.repeat(1_000)}\r\n`);
    site.html('/well', '<h1>well</h1>');
    const rows = [...paths].map(([name, path]) => `<li><a href="${path}">${name}</a></li>`);
    // So many pages that are well keep the run going, whatever the others do.
    const well = Array.from({ length: 20 }, (_, n) => `<li><a href="/well?${n}">well</a></li>`);
    rows.push(`<li><a href="${headers}">headers without end</a></li>`);
    site.html('/', `<ul>${[...well, ...rows].join('')}</ul>`);
    const { run, items, log, peakMb } = await measuredRun(`url: "${site.url('/')}"
item: li
selectors: { name: a }
allow_private_hosts: [127.0.0.1]
follow: { selector: a, selectors: { h: h1 } }
`);
    expect(run).toMatchObject({ status: 'succeeded', items: well.length + rows.length });
    for (const name of Object.keys(READ)) {
      expect(items.find((item) => item['name'] === name)).toEqual({ name, h: expected(name) });
    }
    const said = (path: string) => log.split('\n').find((line) => line.includes(`detail page ${path}`)) ?? '';
    for (const [name, [, words]] of Object.entries(REFUSED)) {
      expect(items.find((item) => item['name'] === name)).toEqual({ name, h: null });
      expect({ name, said: said(`${site.url(paths.get(name) ?? '')}:`) }).toEqual({
        name,
        said: expect.stringMatching(words),
      });
    }
    expect(said(headers)).toContain('headers over 64 KB');
    expect(peakMb).toBeLessThan(mostMb);
  });

  it('are refused in the same memory where a configuration is tried out', async () => {
    const rows = { body: `<ul>${'<li>x'.repeat(1_000_000)}` };
    const site = await hostileSite({ '/bomb': { body: GZIP_BOMB, coding: 'gzip' }, '/rows': rows });
    for (const path of ['/bomb', '/rows']) {
      const { answer, peakMb } = await measuredTestRun(`url: "${site.url(path)}"\nselectors: { x: li }\n`);
      expect(answer.error).toMatchObject({ kind: 'too_large' });
      expect(peakMb).toBeLessThan(MAX_MB);
    }
  });

  it('whose next links go round or never end are left, and read once', async () => {
    const page = (n: number, next: string) => ({
      body: `<h1>${n}</h1><a class="next" href="${next}">on</a>`,
    });
    const site = await hostileSite({
      '/': page(1, '/2'),
      '/2': page(2, '/3#x'),
      '/3': page(3, './/../4?#y'),
    });
    servePage(site, '/4', page(4, '/2#z'));
    const { run, items, log } = await measuredRun(`url: "${site.url('/')}"
selectors: { h: "xpath://h1" }
pagination: { type: next_button, selector: .next }
`);
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(items.map((item) => item['h'])).toEqual(['1', '2', '3', '4']);
    expect(log).toMatch(/its next link leads back to .*, which was fetched before/);
  });

  it('drip for ever, with interim answers or a body, run into the time-out', async () => {
    const site = await hostileSite({});
    const interim = await brokenServer('', 'HTTP/1.1 102 Processing\r\n\r\n', 50);
    const body = await brokenServer('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n', 'x', 50);
    const links = ['/a', '/b', '/c', interim, body].map((link) => `<li><a href="${link}">x</a></li>`);
    for (const path of ['/a', '/b', '/c']) site.html(path, '<h1>h</h1>');
    site.html('/', `<ul>${links.join('')}</ul>`);
    const { run, log, peakMb } = await measuredRun(
      `url: "${site.url('/')}"
item: li
respect_robots: false
selectors: { name: a }
allow_private_hosts: [127.0.0.1]
follow: { selector: a, selectors: { h: h1 } }
`,
      'request_timeout: 2\n',
    );
    expect(run).toMatchObject({ status: 'succeeded', items: 5 });
    expect(log).toMatch(/no answer within 2 s/);
    expect(log).toMatch(/not complete within 8 s/);
    expect(peakMb).toBeLessThan(MAX_MB);
  });
});
