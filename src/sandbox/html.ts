import { posix } from 'node:path';

/** Finished HTML, as opposed to text that is still to be escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[];

/** Template tag: values are escaped for content and for quoted attributes unless they are Markup. */
export function html(literals: TemplateStringsArray, ...values: Value[]): Markup {
  const parts = literals.map((literal, index) => literal + render(values[index] ?? ''));
  return new Markup(parts.join(''));
}

function render(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map((markup) => markup.text).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The shop's style sheet, small enough to be part of every page. */
const STYLE = new Markup(
  `
:root { color-scheme: light dark; --ink: light-dark(#2b2622, #e9e3da); --paper: light-dark(#fbf8f2, #1d1a17); --line: light-dark(#e3dbcd, #3a342d); --accent: light-dark(#8a3b12, #e79b66) }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 70rem; padding: 0 1.5rem 3rem; font: 16px/1.5 Georgia, serif; color: var(--ink); background: var(--paper) }
a { color: var(--accent); text-decoration: none } a:hover { text-decoration: underline }
.header { padding: 1.5rem 0 1rem; border-bottom: 1px solid var(--line); font-size: 1.5rem } .header small { font-size: .9rem; opacity: .7 }
.breadcrumb { list-style: none; display: flex; gap: 1.5rem; padding: 0; font-size: .9rem } .breadcrumb li + li::before { content: "/"; margin-right: 1.5rem; opacity: .4 }
.row { list-style: none; padding: 0; display: grid; gap: 2rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)) }
.product_pod h3 { margin: .5rem 0 0; font-size: 1rem } .product_pod p, .product_main p { margin: .2rem 0 }
.thumbnail { width: 100%; border-radius: 3px; box-shadow: 0 2px 8px #0003 }
.price_color { color: var(--accent); font-weight: bold } .availability { font-size: .85rem } .outofstock { opacity: .6 }
.star-rating { letter-spacing: .1em; color: #c9900a }
.pager { list-style: none; display: flex; justify-content: space-between; padding: 0 } .pager .current { margin: 0 auto }
.product_page .overview { display: grid; gap: 2rem; grid-template-columns: minmax(9rem, 16rem) 1fr }
.table { border-collapse: collapse } .table th, .table td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid var(--line) }
`.trim(),
);

/** A page before it is put into the frame that all pages share. */
interface PageParts {
  /** Where the page is, from the site's root: `/catalogue/page-2.html`. */
  path: string;
  title: string;
  body: Markup;
  /** The site's name; default `The Bookshop`. */
  site?: string;
}

/** A whole document: frame, header and the page's own content. */
export function renderPage({ path, title, body, site = 'The Bookshop' }: PageParts): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} | ${site}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="header"><a href="${linkTo('/index.html', path)}">${site}</a> <small>a sandbox for scrapers: nothing here is real</small></header>
${body}
</body>
</html>
`.text;
}

/** The relative address of page `to` as written on page `from`. */
export function linkTo(to: string, from: string): string {
  return posix.relative(posix.dirname(from), to);
}
