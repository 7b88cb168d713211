import { isName } from '../../core/job/id.ts';
import { hostOfAddress } from '../../core/store/config-host.ts';

/** A name that could be meant for the pages of an address: `https://www.shop.example/de` is `shop-example`. */
export function nameFor(url: string): string {
  const host = hostOfAddress(url) ?? '';
  const name = host
    .replace(/^www\./, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return isName(name) ? name : '';
}

/**
 * A first configuration for an address, which can be tried as it is: it takes what nearly every page has, and says with
 * each part what to put there.
 */
export function skeletonFor(url: string, name: string): string {
  return `# A first draft. It takes what nearly every page has; put what you want in its place.
name: ${name}

# The page to begin with (or urls: and a list of pages).
url: ${JSON.stringify(url)}

# The element that holds one row, by its CSS selector. Every selector below then looks inside it.
# item: article.product

# What a row consists of: names of your own, and CSS selectors. A selector alone takes the text of what it matches.
selectors:
  title: h1, h2
  # An attribute in place of the text:
  link:
    selector: a[href]
    attribute: href

# How to get to the next page:
# pagination:
#   type: next_button
#   selector: a[rel="next"]
#   max_pages: 3

# Seconds between two requests to the same host.
delays:
  type: fixed
  value: 1

# csv, json or jsonl; the file is made in the home's output folder.
output:
  format: csv
  path: "${name}_{date}.csv"
`;
}
