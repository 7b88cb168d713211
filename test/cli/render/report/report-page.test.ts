import { load } from 'cheerio';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatReportPage } from '../../../../src/cli/render/report/report-page.ts';
import { sanitizeLines } from '../../../../src/core/lib/sanitize-text.ts';
import { propertyRuns } from '../../../property-runs.ts';
import { reportOf } from './report-fixture.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><svg/onload=alert(1)>',
  '</style><style>*{display:none}',
  '<!--',
  '-->',
  ']]>',
  '&lt;b&gt;',
  '&#x3c;script&#x3e;',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>1</script>',
  'https://shop.example/"onclick="x',
  'https://user:pass@shop.example/',
  '//shop.example',
  '\u202etxt.exe\u2066',
  '\0\u001b[31m\ud800',
  '<meta http-equiv=refresh content="0;url=https://x.example">',
  '<base href=//x.example>',
  'a'.repeat(300),
];

const TAGS =
  'html head meta title style body div header span b main svg circle path rect h1 h2 h3 p dl dt dd figure figcaption ul li ' +
  'section article details summary code table caption thead tbody tr th td del ins a time footer';
const ATTRIBUTES =
  'lang charset http-equiv content name class viewBox aria-hidden cx cy r d x y rx width height role scope ' +
  'preserveAspectRatio data-label datetime href rel';

it('what pages say stays text: no element, no attribute, no address of its own, in any place', () => {
  const [tags, attributes] = [new Set(TAGS.split(' ')), new Set(ATTRIBUTES.split(' '))];
  const text = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom(...HOSTILE), { maxLength: 3 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, text, (one, other) => {
      const page = load(formatReportPage(reportOf(one, other)));
      const elements = page('*')
        .get()
        .map((one) => page(one));
      const found = new Set(elements.map((one) => one.prop('tagName')?.toLowerCase() ?? ''));
      const names = new Set(elements.flatMap((one) => Object.keys(one.attr() ?? {})));
      expect([...found].filter((tag) => !tags.has(tag))).toEqual([]);
      expect([...names].filter((name) => !attributes.has(name))).toEqual([]);
      expect(page('style, title')).toHaveLength(2 + page('svg title').length);
      const followed = page('a')
        .get()
        .map((one) => page(one).attr() ?? {});
      expect(followed.filter(({ href = '' }) => !/^https?:\/\/[^/@]+\//.test(href))).toEqual([]);
      expect(followed.filter(({ rel }) => rel !== 'noopener noreferrer nofollow')).toEqual([]);
      // It is all there, as a text.
      const shown = sanitizeLines(one).replaceAll(/\s+/g, ' ');
      expect(page('.jobs .sub').first().text().replaceAll(/\s+/g, ' ')).toBe(shown);
    }),
    { numRuns: propertyRuns(60) },
  );
});

it.each([
  ['https://shop.example/a?b=1&c=2', true],
  ['http://shop.example/', true],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['ftp://shop.example/', false],
  ['https://user:word@shop.example/', false],
  ['/relative', false],
  ['https://shop.example/cut…', false],
])('links %s only when a reader may follow it: %s', (link, isLink) => {
  const page = load(formatReportPage(reportOf('a text', link)));
  expect(page('a').length).toBe(isLink ? 3 : 0);
  if (isLink) expect(page('a').first().attr('href')).toBe(new URL(link).href);
  expect(page('main').text()).toContain(link);
});

it('allows nothing but its own style', () => {
  const page = load(formatReportPage(reportOf('a text')));
  const policy = page('meta[http-equiv="Content-Security-Policy"]').attr('content');
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]+={0,2}'; base-uri 'none'; form-action 'none'$/,
  );
  expect(page('[style], script, link, img, iframe').length).toBe(0);
  expect(page('meta[name="referrer"]').attr('content')).toBe('no-referrer');
});

it('has a heading for each part, a caption for each table, and a text for each curve', () => {
  const page = load(formatReportPage(reportOf('a text')));
  const texts = (selector: string) =>
    page(selector)
      .toArray()
      .map((one) => page(one).text());
  expect(texts('h1')).toEqual(['1 of 3 jobs fails']);
  expect(texts('h2')).toEqual(['What fails', 'What changed', 'What did not start', 'Jobs', 'What is next']);
  page('table').each((_, table) => expect(page(table).children('caption').text()).not.toBe(''));
  page('svg:not([aria-hidden])').each((_, curve) => {
    expect(page(curve).attr('role')).toBe('img');
    expect(page(curve).children('title').text()).not.toBe('');
  });
  expect(texts('.jobs tr:last-child svg title')).toEqual([
    'Outcomes: 3 runs succeeded, 1 failed, 1 missed',
    'Items: from 20 to 24, last 24',
    'Duration: from 1 s to 4.5 s, last 4 s',
  ]);
  expect(texts('.chart title')).toEqual([
    'Runs of all jobs: 3 runs succeeded, 1 failed, 1 missed; 2 at most in one bar',
  ]);
});

it('says times in the zone of the machine, also within sentences', () => {
  const page = load(formatReportPage(reportOf('a text')));
  expect(page('.verdict').text()).toContain('The first of them since Mon 30 Nov, 09:00.');
  expect(page('.card details').text()).toContain('since Mon 30 Nov, 09:00');
  expect(page('footer').text()).toContain('Times are in Europe/Berlin.');
});

it('counts what it leaves out, and leaves out what there is nothing of', () => {
  const page = load(formatReportPage(reportOf('a text')));
  expect(page('main').text()).toContain('21 more jobs fail: the list of jobs has all.');
  expect(page('main caption').text()).toContain('3 of 11 differences');
  const nothing = { ...reportOf('a text'), jobs: [], failures: [], changes: [], unstarted: [], upcoming: [] };
  const empty = load(formatReportPage({ ...nothing, by_step: [], failures_total: 0, since: null }));
  expect(empty('h2').text()).toBe('Jobs');
  expect(empty('table, svg.chart').length).toBe(0);
});
