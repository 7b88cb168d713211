import { Markup } from './html.ts';

/** The shop's style sheet, small enough to be part of every page. */
export const STYLE = new Markup(
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
