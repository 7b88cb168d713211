import { describe, expect, it } from 'vitest';
import { extract } from './fixtures.ts';

const one = (html: string, selector: string) =>
  extract(html, `selectors: {value: ${JSON.stringify(selector)}, h: "h1"}`).rows[0]?.['value'];

const JSON_LD = `<h1>x</h1>
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
 {"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","name":"Home"}]},
 {"@type":["Thing","https://schema.org/Product"],"name":"Lamp","offers":{"@type":"Offer","price":"19.99"}}]}</script>
<script type="application/LD+JSON">not json</script>
<script type="application/ld+json">[{"@type":"Organization","name":"Shop"}]</script>`;

describe('jsonld', () => {
  it.each([
    ['jsonld:$.name', 'Lamp'],
    ['jsonld:Product $.name', 'Lamp'],
    ['jsonld:schema:Product $.name', 'Lamp'],
    ['jsonld:Organization $.name', 'Shop'],
    ['jsonld:Offer $.price', '19.99'],
    ['jsonld:ListItem $.name', 'Home'],
    ['jsonld:Recipe $.name', null],
  ])('%s gives %j', (selector, value) => {
    expect(one(JSON_LD, selector)).toBe(value);
  });

  it('takes an entity that has a graph beside its own properties', () => {
    const html = `<script type="application/ld+json">{"@type":"Recipe","name":"Soup","@graph":[{"@type":"WebSite","name":"Site"}]}</script>`;
    const { rows } = extract(
      html,
      'item: "jsonld:$"\nselectors: {name: "json:$.name", type: "json:$[\'@type\']"}',
    );
    expect(rows).toEqual([
      { name: 'Soup', type: 'Recipe' },
      { name: 'Site', type: 'WebSite' },
    ]);
    expect(one(`<h1>x</h1>${html}`, 'jsonld:Recipe $.name')).toBe('Soup');
  });

  it.each([
    ['a line end in a text', '{"@type":"Recipe","name":"Red\nsoup"}', 'Red soup'],
    ['a comma too many', '{"@type":"Recipe","name":"Soup, red",\n}', 'Soup, red'],
    ['a comma too many in a list', '{"tags":["a",\n],"name":"Soup"}', 'Soup'],
    ['a line of CDATA', '// <![CDATA[ {"name":"Soup"} // ]]>', 'Soup'],
    ['a comment of HTML around it', '<!--\n{"name":"Soup",}\n//-->', 'Soup'],
    ['a semicolon at the end', '{"name":"Soup"};\n', 'Soup'],
    ['comments', '// soups\n{/* red */"url":"http://a.example/","name":"Soup // hot"}', 'Soup // hot'],
    ['a comment of HTML before it', '<!-- soups -->\n{"name":"Soup"}', 'Soup'],
    ['an escaped apostrophe', '{"name":"Soup \\\\ Anna\\\'s"}', "Soup \\ Anna's"],
  ])('is read with %s, as sites write it by hand', (_what, block, value) => {
    const html = `<h1>x</h1><script type="application/ld+json">${block}</script>`;
    expect(one(html, 'jsonld:$.name')).toBe(value);
  });

  it('leaves out what is no entity, and what cannot be read', () => {
    const html = ['null', 'false', '[null]', '{"name": Soup}', '{"name":"unclosed', '{"name":"Soup"}']
      .map((block) => `<script type="application/ld+json">${block}</script>`)
      .join('');
    const { rows } = extract(html, 'item: "jsonld:$"\nselectors: {name: "json:$.name"}');
    expect(rows).toEqual([{ name: 'Soup' }]);
  });

  it.each([
    ['jsonld:Product $', 'has no Product in its jsonld data, but Recipe.'],
    ['jsonld:$.offers', '$ is an object with @type, name.'],
  ])('names the block that cannot be read, and its place, where %s matches nothing', (item, told) => {
    const html = [
      '{"@type":"Recipe","name":"Soup"}',
      '// lamps\n{"@type":"Product", "a":"x\ny", \n "name": Lamp}',
    ]
      .map((block) => `<script type="application/ld+json">${block}</script>`)
      .join('');
    const { rows, warnings } = extract(html, `item: "${item}"\nselectors: {name: "json:$.name"}`);
    expect(rows).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining(
        `${told} The page has 2 blocks of JSON-LD, and block 2 is not JSON from line 4, column 10 on: "Lamp" is not allowed there`,
      ),
    ]);
  });

  it('warns of a block that cannot be read beside rows only if it names their type', () => {
    const html = ['{"@type":"Product","name":"A"}', '{"@type":"Product","name":B}', '{"@type":"Offer", x}']
      .map((block) => `<script type="application/ld+json">${block}</script>`)
      .join('');
    const { rows, warnings } = extract(html, 'item: "jsonld:Product $"\nselectors: {name: "json:$.name"}');
    expect(rows).toEqual([{ name: 'A' }]);
    expect(warnings).toEqual([
      '"jsonld:Product $" may match more on http://shop.test/list. The page has 3 blocks of JSON-LD, and block 2 is not JSON from line 1, column 27 on: "B" is not allowed there',
    ]);
  });

  it('gives rows, too', () => {
    const list = `<script type="application/ld+json">{"@type":"ItemList","itemListElement":[
      {"@type":"ListItem","item":{"@type":"Product","name":"A"}},{"@type":"ListItem","item":{"@type":"Product","name":"B"}}]}</script>`;
    const { rows } = extract(list, 'item: "jsonld:Product $"\nselectors: {name: "json:$.name"}');
    expect(rows).toEqual([{ name: 'A' }, { name: 'B' }]);
  });
});

it('entities that are nested too deep are not left out silently', () => {
  let comment: unknown = { '@type': 'Comment', text: 'last' };
  for (let level = 1; level < 40; level += 1) comment = { '@type': 'Comment', text: 'x', comment };
  const page = (data: unknown) => `<script type="application/ld+json">${JSON.stringify(data)}</script>`;
  const yaml = 'item: "jsonld:Comment $"\nselectors: {text: "json:$.text"}';
  const { rows, warnings } = extract(page(comment), yaml);
  expect(rows).toHaveLength(31);
  expect(warnings).toEqual([
    'http://shop.test/list has 40 entities of type Comment in its jsonld data, and 31 of them are taken: the others are nested more than 30 levels deep',
  ]);
  expect(extract(page({ '@type': 'Comment', text: 'x' }), yaml).warnings).toEqual([]);
});

describe('microdata', () => {
  const html = `<h1>x</h1><div itemscope itemtype="https://schema.org/Product" itemref="more">
    <span itemprop="name"> A   lamp </span><img itemprop="image" src="/a.png"><img itemprop="image" src="/b.png">
    <div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="5.50">
      <link itemprop="availability" href="https://schema.org/InStock"></div>
    <div itemscope itemtype="https://schema.org/Product"><b itemprop="name">Another</b></div></div>
    <p id="more"><time itemprop="releaseDate" datetime="2026-01-02">today</time></p>`;
  it.each([
    ['microdata:$.name', 'A lamp'],
    ['microdata:Product $.offers.price', '5.50'],
    ['microdata:Offer $.availability', 'https://schema.org/InStock'],
    ['microdata:$.image[1]', 'http://shop.test/b.png'],
    ['microdata:$.releaseDate', '2026-01-02'],
  ])('%s gives %j', (selector, value) => {
    expect(one(html, selector)).toBe(value);
  });
});

it('takes a property outside of every item for an item of its own', () => {
  const html = `<h1>x</h1><div itemprop="nutrition" itemscope itemtype="https://schema.org/NutritionInformation">
      <b itemprop="calories">650</b></div>
    <section itemscope itemtype="https://schema.org/Recipe" itemref="rating"><i itemprop="name">Soup</i></section>
    <p id="rating"><span itemprop="rating" itemscope><b itemprop="value">4</b></span></p>`;
  const { rows } = extract(
    html,
    'item: "microdata:$"\nselectors: {calories: "json:$.calories", name: "json:$.name", rating: "json:$.rating.value"}',
  );
  expect(rows).toEqual([
    { calories: '650', name: null, rating: null },
    { calories: null, name: 'Soup', rating: '4' },
  ]);
});

it('opengraph gives the first value of a property', () => {
  const html = `<head><meta property="og:title" content="A"><meta property="og:title" content="B">
    <meta property="product:price:amount" content="5"></head><h1>x</h1>`;
  expect(one(html, 'opengraph:$.title')).toBe('A');
  expect(one(html, 'opengraph:$["product:price:amount"]')).toBe('5');
  expect(one('<h1>x</h1>', 'opengraph:$.title')).toBe(null);
});
