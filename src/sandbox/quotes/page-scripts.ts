import { Markup } from '../html.ts';
import type { Quote } from './quotes.ts';

/** What all scripts of the site share: a quote as an element. */
const ADD_QUOTE = `
const list = document.querySelector('.quotes');
function add(quote) {
  const box = document.createElement('div');
  box.className = 'quote';
  for (const [tag, name, text] of [['span', 'text', '“' + quote.text + '”'], ['small', 'author', quote.author]]) {
    const part = document.createElement(tag);
    part.className = name;
    part.textContent = text;
    box.append(part);
  }
  const tags = document.createElement('div');
  tags.className = 'tags';
  for (const name of quote.tags) {
    const tag = document.createElement('a');
    tag.className = 'tag';
    tag.textContent = name;
    tags.append(tag, ' ');
  }
  box.append(tags);
  list.append(box);
}
`;

const LOAD = `
let page = 0, more = true, loading = false;
async function load() {
  if (loading || !more) return;
  loading = true;
  const answer = await (await fetch('/api/quotes?page=' + (page + 1))).json();
  page = answer.page;
  more = answer.has_next;
  answer.quotes.forEach(add);
  loading = false;
}
`;

/** The quotes stand in the script, which adds them after `delayMs`. */
export function fillScript(quotes: readonly Quote[], delayMs: number): Markup {
  const fill = `for (const quote of ${data(quotes)}) add(quote);`;
  return script(ADD_QUOTE + (delayMs === 0 ? fill : `setTimeout(() => { ${fill} }, ${delayMs});`));
}

/** Ten quotes at first, ten more whenever the reader comes near the end. */
export function scrollScript(): Markup {
  return script(`${ADD_QUOTE}${LOAD}
const near = () => innerHeight + scrollY > document.body.offsetHeight - 200;
addEventListener('scroll', () => { if (near()) load(); });
load();`);
}

/** Ten more with each click, until there are no more and the button goes. */
export function loadMoreScript(): Markup {
  return script(`${ADD_QUOTE}${LOAD}
const button = document.querySelector('#load-more');
button.addEventListener('click', async () => { await load(); button.hidden = !more; });
load();`);
}

/** All quotes stand in the script; "next" is a button that puts ten others in the place of the ten before. */
export function turnScript(quotes: readonly Quote[], perPage: number): Markup {
  return script(`${ADD_QUOTE}
const all = ${data(quotes)};
let at = 0;
const next = document.querySelector('button.next');
function show() {
  list.replaceChildren();
  all.slice(at, at + ${perPage}).forEach(add);
  next.disabled = at + ${perPage} >= all.length;
}
next.addEventListener('click', () => { at += ${perPage}; show(); });
show();`);
}

function data(quotes: readonly Quote[]): string {
  const shown = quotes.map(({ text, author, tags }) => ({ text, author, tags }));
  return JSON.stringify(shown).replaceAll('<', '\\u003c');
}

function script(text: string): Markup {
  return new Markup(`<script>${text}</script>`);
}
