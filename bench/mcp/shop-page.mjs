/**
 * A list page as shops make them: a menu, a search, cards of products with pictures, structured data, and the data of its scripts.
 * @param products how many; 1,218 make a page of 1 MB
 * @param shop a letter that no other shop has: pages differ from start to end, and are equally large
 */
export function shopPage(products, shop) {
  const numbers = Array.from({ length: products }, (_, number) => number);
  const each = (from, write) => from.map(write).join('');
  const offers = numbers.slice(0, 20).map((number) => ({
    '@type': 'Product',
    name: `Thing ${shop}${number}`,
    offers: { '@type': 'Offer', price: `${number}.99` },
  }));
  const data = JSON.stringify({
    '@context': 'https://schema.org',
    '@type': 'ItemList',
    itemListElement: offers,
  });
  return `<!doctype html><html lang="en"><head><title>Shop ${shop}</title><meta property="og:title" content="Things">
<script type="application/ld+json">${data}</script></head><body><header><nav class="menu"><ul>${each(numbers.slice(0, 30), category)}</ul></nav>
<form action="/search"><input name="q"><select name="sort"><option>price<option>name</select></form></header>
<main><h1>Things</h1><ul class="products">${each(numbers, (number) => product(`${shop}${number}`, number))}</ul></main>
<script>window.state = ${JSON.stringify({ seen: numbers.map(() => 1) })}</script></body></html>`;
}

const PICTURE = `data:image/png;base64,${'iVBORw0KGgo'.repeat(10)}`;

function category(number) {
  return `<li><a href="/c/${number}">Category ${number}</a></li>`;
}

function product(id, number) {
  return `<li class="product product-${id}"><article class="card" itemscope itemtype="https://schema.org/Product"><a class="thumb" href="/p/${id}?pos=${number}"><img src="${PICTURE}" alt="Picture of thing ${id}" loading="lazy"></a><h3 class="title" itemprop="name"><a href="/p/${id}" title="The thing number ${id}">The thing number ${id}</a></h3><p class="desc">A long description of what thing ${id} is and does, which goes on for a while so that pages are as large as shops make them.</p><div class="price-box"><span class="price" itemprop="price">£${number}.99</span><span class="old">£120.00</span></div><div class="stock in">In stock</div><button class="add" type="button" data-id="${id}">Add</button></article></li>
`;
}
