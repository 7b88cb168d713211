/** The `books` configuration for a bookshop at `url` (the address of its start page), as YAML. */
export function bookshopConfig(url: string): string {
  return `# Every book of the sandbox bookshop: 1,000 rows from 50 pages.
name: books
description: Titles, prices and stock of the sandbox bookshop

# The page to start from.
url: "${url}"

# One row for each of these; the selectors below look inside it.
item: article.product_pod

selectors:
  # The link's text is cut off ("The True and Complete ..."), its title attribute is not.
  title:
    selector: h3 a
    attribute: title
  price: .product_price .price_color
  # "star-rating Three": the rating is in the name of a class.
  rating:
    selector: p.star-rating
    attribute: class
  availability: .availability
  link:
    selector: h3 a
    attribute: href

# Go on to the page behind "next" until there is none.
pagination:
  type: next_button
  selector: ul.pager li.next a
  max_pages: 100

# Seconds between two requests. The sandbox is on this machine; a site of other people deserves 1 or more.
delays:
  type: fixed
  value: 0

data_cleaning:
  normalize_whitespace: true
  trim: true

# A relative path lies in the output folder of the workspace.
output:
  format: csv
  path: books.csv
`;
}
