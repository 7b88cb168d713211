import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { TestResponse } from '../../../src/core/configs/scraper-protocol.ts';
import { testLivePages, testSavedPages } from '../../../src/scrape/inspector/test-run.ts';
import { tempFolder } from '../../temp-folder.ts';
import { echoingSite } from './echoing-site.ts';
import { addressOn, configOf, ESCAPED, OTHER, PLAIN, type Secrets, texts } from './prying-texts.ts';

/** How many random texts are tried. */
const RUNS = Number(process.env['CONCEAL_RUNS'] ?? 20);

let home: string;
let site: Awaited<ReturnType<typeof echoingSite>>;
beforeEach(async () => {
  home = tempFolder();
  site = await echoingSite();
});

async function tried(
  config: object,
  { KEY, TOKEN }: Secrets,
  pages?: { file: string },
): Promise<TestResponse> {
  const coded = encodeURIComponent(KEY);
  writeFileSync(join(home, 'secrets.env'), `CODED='${coded}'\nTOKEN='${TOKEN}'\n`);
  const question = {
    ask: 'test' as const,
    yaml: stringify(config),
    name: 'x.yaml',
    home,
    max_pages: 3,
    sample_items: 20,
    conceal: {},
    time_limit_ms: 1e9,
  };
  return pages === undefined
    ? testLivePages(question, () => {})
    : testSavedPages({
        ...question,
        pages: [
          { file: pages.file, url: 'http://127.0.0.1/${TOKEN}/list?key=${CODED}', content_type: 'text/html' },
        ],
      });
}

const address = () => addressOn(site.port);

/** Two runs over secrets that have nothing in common are answered alike. */
async function told(
  config: object,
  one: Secrets,
  pages?: { one: string; other: string },
): Promise<TestResponse> {
  const first = await tried(config, one, pages && { file: pages.one });
  const second = await tried(config, OTHER, pages && { file: pages.other });
  expect(first).toEqual(second);
  expect(JSON.stringify(first.sample)).not.toMatch(/[qzjż]/i);
  return first;
}

describe('what a client’s text learns about pages', () => {
  it('depends on no secret of the configuration, for anything it extracts, counts or follows', {
    timeout: 300_000,
  }, async () => {
    let valid = 0;
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(PLAIN, ESCAPED), async (random, secrets) => {
        try {
          await told(configOf(random, site.port), secrets);
          valid += 1;
        } catch (error) {
          // Not every text is a configuration; one that is none is so for any secret.
          if (!(error instanceof Error && 'code' in error && error.code === 'invalid_config')) throw error;
        }
      }),
      { numRuns: RUNS },
    );
    expect(valid).toBeGreaterThan(RUNS / 10);
  });

  it('is the same of a page that a run kept', { timeout: 300_000 }, async () => {
    const keep = async ({ KEY, TOKEN }: Secrets, name: string) => {
      const page = await fetch(`http://127.0.0.1:${site.port}/${TOKEN}/list?key=${encodeURIComponent(KEY)}`);
      writeFileSync(join(home, name), await page.text());
      return join(home, name);
    };
    const other = await keep(OTHER, 'other.html');
    const kept = [PLAIN, ESCAPED].map(async (secrets) => ({
      secrets,
      one: await keep(secrets, `${secrets.KEY.length}.html`),
    }));
    const pages = await Promise.all(kept);
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(...pages), async (random, { secrets, one }) => {
        const { pages: _, ...config } = random;
        try {
          await told({ url: 'http://127.0.0.1/', ...config }, secrets, { one, other });
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'invalid_config')) throw error;
        }
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it('is all else: links lead where they lead, with the variable’s name in them, and pages are fetched by their real addresses', async () => {
    const config = {
      url: address(),
      item: 'li.row',
      respect_robots: false,
      selectors: {
        row: 'b',
        echoed: 'i',
        top: { selector: 'a.top', attribute: 'href' },
        more: { selector: 'a.detail', attribute: 'href' },
        whole: { selector: 'a.whole', attribute: 'href' },
      },
      follow: { selector: 'a.whole', selectors: { of: 'h1' } },
      pagination: { type: 'next_button', selector: 'a[rel=next]' },
    };
    const answer = await tried(config, ESCAPED);
    const at = `http://127.0.0.1:${site.port}/\${TOKEN}`;
    expect(answer).toMatchObject({ error: null, items: 9, pages: 6 });
    expect(answer.sample[3]).toEqual({
      row: 'row 2.1',
      echoed: '${CODED}',
      top: `${at}/list?key=\${CODED}&p=2#top`,
      more: `${at}/detail?key=\${CODED}&row=1`,
      whole: `${at}/detail?key=\${CODED}&row=1`,
      of: 'of ${CODED}',
    });
    expect(site.asked.every((url) => !url.includes('CODED'))).toBe(true);
  });

  it('is of a kept page, too, that a run would follow no address that the text computes, if it fills anything in', async () => {
    const file = join(home, 'kept.html');
    writeFileSync(file, '<li class="row"><b>one</b></li>');
    const follow = { selector: "xpath:concat('/ad', 'min')", selectors: { more: 'h1' } };
    const config = { item: 'li.row', selectors: { row: 'b' }, follow };
    expect((await tried({ url: address(), ...config }, PLAIN, { file })).error).toMatchObject({
      kind: 'config',
      message: expect.stringContaining('only links that the page contains'),
    });
    const plain = await tried({ url: 'https://example.com/', ...config }, PLAIN, { file });
    expect(plain).toMatchObject({ error: null, sample: [{ row: 'one', more: null }] });
  });

  it('is that a browser would be needed, which asks the page itself', async () => {
    const { error } = await tried({ url: address(), backend: 'browser', selectors: { a: 'b' } }, PLAIN);
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('without a browser') });
  });
});
