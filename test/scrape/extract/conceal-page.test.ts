import { describe, expect, it } from 'vitest';
import { createConcealer } from '../../../src/core/lib/redact.ts';
import {
  concealPage,
  getOriginalAttribute,
  withOriginalAttributes,
} from '../../../src/scrape/extract/conceal-page.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';

const SECRET = 'qZjQzJ-Zq/jzQ&Z';

/** Loads a page that hides {@link SECRET}, which `KEY` has, and returns it with its body as it is shown. */
function conceal(html: string) {
  const page = loadPage(Buffer.from(html), 'text/html', 'https://shop.example/');
  const concealed = concealPage(page, createConcealer({ KEY: SECRET }) ?? (() => []));
  return { page: concealed, html: () => concealed.$('body').html() };
}

describe('the names of a page that says a secret', () => {
  it('hides it in the name of an attribute, which HTML writes in lower case', () => {
    expect(conceal('<p data-qZjQzJ-ZqjzQ&amp;Z="1" class="a">x</p>').html()).toBe(
      '<p data-${KEY}="1" class="a">x</p>',
    );
  });

  it('hides it where its slash begins another attribute', () => {
    expect(conceal(`<p id="a" data-${SECRET}="1" class="b">x</p>`).html()).toBe(
      '<p id="a" data-${KEY}="1" class="b">x</p>',
    );
  });

  it('hides it in the name of an element', () => {
    expect(conceal(`<x-${SECRET}>a</x-${SECRET}>`).html()).toBe('<x-${KEY}>a</x-${KEY}>');
  });

  it('leaves other names, and each element in its order', () => {
    const html = '<ul class="a" id="b"><li data-key="1" hidden="">x</li></ul>';
    expect(conceal(`${html}<i ${SECRET}></i>`).html()).toBe(`${html}<i \${KEY}=""></i>`);
  });

  it('gives requests the attributes as the site wrote them', () => {
    const { page, html } = conceal('<a data-qZjQzJ-ZqjzQ&amp;Z="1" href="/next">x</a>');
    const link = page.$('a')[0] as never;
    expect(getOriginalAttribute(page, link, 'href')).toBe('/next');
    expect(withOriginalAttributes(page, html)).toContain('data-qzjqzj-zqjzq&amp;z="1"');
    expect(html()).toBe('<a data-${KEY}="1" href="/next">x</a>');
  });
});
