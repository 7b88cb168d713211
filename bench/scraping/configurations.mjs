/** What is taken from each site, as our configuration says it; the peers' programs take the same. */
export function configurationOf(set, url) {
  const [name, latency] = set.split('@');
  return CONFIGURATIONS[name](url) + (latency === undefined ? '' : 'concurrency: 8\n');
}

const CONFIGURATIONS = {
  books: (url) => `url: "${url}"
item: article.product_pod
selectors:
  title: { selector: h3 a, attribute: title }
  price: .product_price .price_color
  rating: { selector: p.star-rating, attribute: class }
  availability: .availability
  link: { selector: h3 a, attribute: href }
follow:
  selector: h3 a
  selectors:
    upc: table tr:nth-child(1) td
    author: p.author
    category: table tr:nth-child(9) td
    description: "#product_description + p"
pagination: { type: next_button, selector: ul.pager li.next a }
delays: { type: fixed, value: 0 }
data_cleaning: { normalize_whitespace: true, trim: true }
`,
  api: (url) => `url: "${url}"
item: "json:$.results[*]"
selectors:
  id: "json:$.id"
  title: "json:$.title"
  price: "json:$.price.value"
  currency: "json:$.price.currency"
  category: "json:$.category.name"
  tags: { selector: "json:$.tags", multiple: true }
  rating: "json:$.rating"
  link: { selector: "json:$.path", absolute: true }
pagination: { type: next_button, selector: "json:$.next" }
delays: { type: fixed, value: 0 }
`,
  manual: (url) => `url: "${url}index.html"
item: html
selectors:
  title: title
  heading: h1, h2
  paragraph: p
  next: { selector: "a[accesskey=n]", attribute: href }
pagination: { type: next_button, selector: "a[accesskey=n]" }
delays: { type: fixed, value: 0 }
data_cleaning: { normalize_whitespace: true, trim: true }
`,
};
