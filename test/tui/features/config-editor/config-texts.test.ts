import { describe, expect, it } from 'vitest';
import { newConfigText, suggestConfigName } from '../../../../src/core/configs/new-config.ts';
import { checkConfigText } from '../../../../src/core/configs/scraper-client.ts';
import { summarizeConfig } from '../../../../src/tui/features/config-editor/summary.ts';
import { textRows, yamlSpans } from '../../../../src/tui/features/config-editor/text-rows.ts';

describe('the looks of YAML', () => {
  const looks = (...lines: string[]) =>
    yamlSpans(lines).map((spans) => spans.map(({ text, style }) => `${style}<${text}>`).join(''));

  it('distinguish keys, values and comments', () => {
    expect(looks('# all', 'url: "http://a/#b" # x', '  - name: a')).toEqual([
      'faint<# all>',
      'accent<url>faint<:>good< "http://a/#b" >faint<# x>',
      'faint<  - >accent<name>faint<:>good< a>',
    ]);
  });

  it('take no key out of a selector or of a text that goes on over lines', () => {
    expect(looks('price: p:first-child')).toEqual(['accent<price>faint<:>good< p:first-child>']);
    expect(looks('a: |', '  b: c', 'd: e')).toEqual([
      'accent<a>faint<:>good< |>',
      'good<  b: c>',
      'accent<d>faint<:>good< e>',
    ]);
  });

  it('lose no character of any text', () => {
    for (const line of [
      '',
      '  ',
      '- - x',
      '"a: b',
      "it's: 'x",
      '{a: b, c: [d]}',
      '\t:',
      '&x *y !z',
      '% @ `',
      '#',
    ])
      expect(
        yamlSpans([line])[0]
          ?.map(({ text }) => text)
          .join(''),
      ).toBe(line);
  });
});

describe('a comment that is wider than its pane', () => {
  const rows = (yaml: string, columns: number) =>
    textRows({ yaml, base: undefined, check: undefined, columns }).map((row) =>
      row.kind === 'note' ? '' : `${row.number ?? ''}|${row.spans.map(({ text }) => text).join('')}`,
    );

  it('goes on in rows below it, and nothing of it is cut', () => {
    expect(rows('# The pages of the shop, all of them, one by one\nurl: x\n', 34)).toEqual([
      '1|# The pages of the shop,',
      '|  all of them, one by one',
      '2|url: x',
    ]);
    expect(rows('limit: 3 # no more than these pages of it', 42)).toEqual([
      '1|limit: 3 # no more than these',
      '|           pages of it',
    ]);
  });

  it('begins below its line where there is no room beside it', () => {
    expect(rows('selector: "article.product > h3 a" # a title', 40)).toEqual([
      '1|selector: "article.product > h3 a" ',
      '|  # a title',
    ]);
  });

  it('leaves a line that fits, and values, as they are', () => {
    expect(rows('a: b # c', 14)).toEqual(['1|a: b # c']);
    const value = `a: ${'x'.repeat(80)}`;
    expect(rows(value, 40)).toEqual([`1|${value}`]);
  });
});

describe('what a list says of a configuration', () => {
  it('names its site, its way through the pages and its fields', () => {
    const yaml = `url: https://shop.example:8080/a\nselectors: {title: h1, price: .p}\npagination: {type: next_button, selector: a, max_pages: 5}\n`;
    expect(summarizeConfig(yaml)).toEqual({
      ...{ host: 'shop.example:8080', addresses: 1 },
      ...{ pages: 'next button, 5', fields: ['title', 'price'] },
    });
    expect(summarizeConfig('urls: [https://a.example/1, https://a.example/2]')).toMatchObject({
      ...{ addresses: 2, pages: '2 pages', host: 'a.example' },
    });
  });

  it('is silent about text that is not a configuration', () => {
    for (const yaml of ['', '- a\n- b', ': [', 'a: *b', 'null'])
      expect(summarizeConfig(yaml)).toEqual({ host: null, addresses: 0, pages: 'one page', fields: [] });
  });
});

describe('a first draft for an address', () => {
  it('has a name from the address', () => {
    expect(suggestConfigName('https://www.shop.example/de/books?x=1')).toBe('shop-example');
    expect(suggestConfigName('http://127.0.0.1:8080/')).toBe('127-0-0-1-8080');
    expect(suggestConfigName('https://bücher.example/')).toBe('xn-bcher-kva-example');
    expect(suggestConfigName('shop')).toBe('');
  });

  it('can run as it is, without a doubt, also for an address with quotes in it', async () => {
    const url = 'https://shop.example/?q="a"&b=\\c#d:e';
    const { warnings, facts } = await checkConfigText(newConfigText(url, 'shop'), 'shop.yaml');
    expect(warnings).toEqual([]);
    expect(facts.addresses).toEqual([url]);
  });

  it('can be saved for a host of one’s own network', async () => {
    const { warnings, facts } = await checkConfigText(
      newConfigText('http://wiki/books', 'wiki'),
      'wiki.yaml',
    );
    expect(warnings).toEqual([]);
    expect(facts.privateHosts).toEqual(['wiki:80', 'wiki:443', 'wiki']);
  });

  it('opens no other port of such a host than that of the address', async () => {
    const yaml = newConfigText('http://wiki:8080/books', 'wiki');
    expect((await checkConfigText(yaml, 'wiki.yaml')).facts.privateHosts).toEqual(['wiki:8080']);
  });

  it('runs with what was found on a page, for any selectors and names', async () => {
    const found = {
      ...{ item: 'li.a > div:not(.b)', rows: 3, next: 'a[rel~="next"]' },
      fields: ['null', '2024', 'on', 'price'].map((name) => {
        return { name, selector: `td[title='it"s'] .${name === '2024' ? 'x' : name}`, attribute: null };
      }),
    };
    const yaml = newConfigText('https://shop.example/', 'null', found);
    const { warnings } = await checkConfigText(yaml, 'shop.yaml');
    expect(warnings).toEqual([]);
    expect(summarizeConfig(yaml).fields.toSorted()).toEqual(['2024', 'null', 'on', 'price']);
  });

  it('takes the rows of a table by its columns', async () => {
    const fields = [
      { name: 'city', selector: ':scope', attribute: null, column: 'City: "a"' },
      { name: 'link', selector: 'a[href]', attribute: 'href', column: 'City: "a"' },
    ];
    const yaml = newConfigText('https://shop.example/', 'x', {
      ...{ item: '#prices', is_table: true, fields, next: null },
    });
    expect((await checkConfigText(yaml, 'x.yaml')).warnings).toEqual([]);
    expect(yaml).toContain("\ntable: '#prices'\n");
    expect(yaml).toContain(`  city:\n    column: 'City: "a"'\n  link:\n    column:`);
  });

  it.each([
    { type: 'cursor', selector: 'json:$.next', param_name: 'after' },
    { type: 'url_param', param_name: 'page', start_page: 0, step: 10 },
    { type: 'link_header' },
  ] as const)('follows the pages of data by %j', async (pagination) => {
    const fields = [{ name: 'name', selector: 'json:$.name', attribute: null }];
    const yaml = newConfigText('https://shop.example/', 'x', {
      ...{ item: 'json:$.rows[*]', embedded: 'script#data', fields, next: 'somewhere', pagination },
    });
    expect((await checkConfigText(yaml, 'x.yaml')).warnings).toEqual([]);
    expect(yaml).toContain("\nembedded: 'script#data'\n");
    expect(yaml).toContain(`pagination:\n  type: ${pagination.type}\n`);
    expect(yaml).toContain('  max_pages: 3\n');
  });

  it('reads dates and numbers as such, and prices where a value can hold an amount and its currency', async () => {
    const field = (name: 'date' | 'number' | 'price') => ({
      name,
      selector: 'b',
      attribute: null,
      type: name,
    });
    const fields = [field('date'), field('number'), field('price')];
    const types = async (format: 'csv' | 'jsonl') => {
      const yaml = newConfigText(
        'https://shop.example/',
        'x',
        { item: 'li', fields, next: null },
        { format },
      );
      expect((await checkConfigText(yaml, 'x.yaml')).warnings).toEqual([]);
      return [...yaml.matchAll(/^ {4}type: (.*)$/gm)].map(([, type]) => type);
    };
    expect(await types('jsonl')).toEqual(['date', 'number', 'price']);
    expect(await types('csv')).toEqual(['date', 'number']);
  });
});
