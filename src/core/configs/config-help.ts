/**
 * The grammar of a configuration for models, as one annotated configuration that is valid. A test holds it against the
 * schema: at most 1.5 KB, and every key exists.
 */
export const CONFIG_HELP = `# Needed: url (or urls: [...], sitemap) and selectors. Quote selectors.
url: "https://shop.example/"
item: "article.product"  # one row each; selectors look inside it
selectors:  # CSS, or XPath after xpath:
  title: "h3 a"  # text of the first match
  link: {selector: "h3 a", attribute: href}
  price: {selector: ".price", type: number}  # integer, boolean, date, price
  stock: {selector: ".stock", regex: '(\\d+) left'}  # RE2, first group
  upc: "xpath:.//th[.='UPC']/following-sibling::td"
  tags: {selector: ".tag", multiple: true}  # a list
  reviews: {selector: ".review", multiple: true, children: {by: ".name"}}
  about: {selector: ".about", html: true}
  source: {page: url}  # or fetched_at
follow:  # the page that each row links to
  selector: "h3 a"
  selectors: {isbn: "#isbn"}
pagination:
  type: next_button  # selector; url_param, page_number: param_name, start,
  selector: "li.next a"  # end; load_more, infinite_scroll: a browser
  max_pages: 50
dedupe: [link]
locale: en-GB  # for 1,234 and 1/2/2026
backend: browser  # if scripts make the page; default auto
wait_for: "article.product"  # browser
headers: {Accept-Language: en}
delays: {type: random, min: 1, max: 3}  # or fixed: value
data_cleaning: {normalize_whitespace: true}
changes: {key: link, when: {price: {falls_by_percent: 5}}}
history: [price]  # keeps old values
output: {format: csv, path: "{config_name}_{date}.csv"}  # json, jsonl, excel, sqlite
expect: {fields: {price: {min: 1}}}  # in the job: min_items
`;
