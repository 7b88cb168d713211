import { CONFIG_SCHEMA_LINE } from '../../core/fs/editor-schemas.ts';

export const EXAMPLE_NAME = 'example';

/** The configuration that `init` writes: it works, and its comments explain each part. */
export const EXAMPLE_CONFIG = `${CONFIG_SCHEMA_LINE}

# A configuration says which pages to read and what to take from them.
# Check it with:   quickscrape validate example
# Try it with:     quickscrape scrape example --sample 5

name: example
description: Titles and prices of a bookshop made for practising

# The page to start from (or urls: with a list of pages).
url: "https://books.toscrape.com/"

# One row for each match; the selectors below look inside it.
item: article.product_pod

# Field names and CSS selectors. A selector alone takes the text of its first match.
selectors:
  title:
    selector: h3 a
    attribute: title
  price: .price_color
  in_stock: .availability
  link:
    selector: h3 a
    attribute: href

# How to get to the next page. Remove it to read one page only.
pagination:
  type: next_button
  selector: li.next a
  max_pages: 3

# Seconds between two requests to the same host: be kind to other people's machines.
delays:
  type: fixed
  value: 1

data_cleaning:
  normalize_whitespace: true
  trim: true

# csv, json or jsonl. A relative path lies in the home's output folder; {date}, {time}, {job_id} … are filled in.
output:
  format: csv
  path: "example_{date}.csv"
`;
