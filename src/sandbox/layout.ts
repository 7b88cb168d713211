import { posix } from 'node:path';
import { html, type Markup } from './html.ts';
import { STYLE } from './style.ts';

/** A page before it is put into the frame that all pages share. */
export interface PageParts {
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
