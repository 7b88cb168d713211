import { parseXPathSelector } from '../selectors/selector-syntax.ts';

/** Functions that run in the page. They are source texts, because this program has no `document`. */

/** Finds the elements of a CSS selector, or of `xpath:…`; undefined for a selector that the browser rejects. */
const FIND = `
const find = (selector) => {
  try {
    if (!selector.startsWith('xpath:')) return [...document.querySelectorAll(selector)];
    const found = document.evaluate(selector.slice(6), document, null, 7, null);
    return Array.from({ length: found.snapshotLength }, (_, at) => found.snapshotItem(at));
  } catch { return undefined; }
};
const seen = (element) => {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && style.display !== 'none';
};`;

const SNAPSHOT = `(selectors) => {
${FIND}
  let rows = -1;
  for (const selector of selectors) {
    const found = find(selector);
    if (found !== undefined) rows = Math.max(rows, found.length);
  }
  const text = document.body?.textContent ?? '';
  let hash = text.length;
  for (let at = 0; at < Math.min(text.length, 200000); at += 1) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  return { rows, nodes: document.getElementsByTagName('*').length, text: hash };
}`;

const BUTTON = `(selector) => {
${FIND}
  const found = find(selector);
  if (found === undefined) return 'invalid';
  const button = found[0];
  if (button === undefined) return 'missing';
  const off = '[disabled], [aria-disabled="true"], .disabled';
  if (button.matches(off) || button.closest('[disabled], .disabled') !== null) return 'disabled';
  return seen(button) ? 'ready' : 'hidden';
}`;

const CLICK = `(selector) => {
${FIND}
  const button = find(selector)?.[0];
  if (button === undefined) return false;
  const target = button.matches('a, button, input, [onclick], [role=button]') ? button : button.querySelector('a, button, input') ?? button;
  target.scrollIntoView({ block: 'center' });
  target.click();
  return true;
}`;

/** Scrolls up a little, then to the end, so that the page's end detection fires again. */
const SCROLL = `async (selector) => {
${FIND}
  const box = selector === null ? document.scrollingElement ?? document.body : find(selector)?.[0];
  if (box === undefined || box === null) return false;
  const frame = () => new Promise((go) => { requestAnimationFrame(() => go()); setTimeout(go, 100); });
  const start = box.scrollTop;
  box.scrollTop = Math.max(0, start - 200);
  await frame();
  box.scrollTop = box.scrollHeight;
  await frame();
  // What fits into the window does not move, and says nothing by itself.
  if (start === 0 && box.scrollTop === 0)
    (selector === null ? document : box).dispatchEvent(new Event('scroll', { bubbles: true }));
  return true;
}`;

/** The state of a page at one moment. */
export interface PageSnapshot {
  /** The highest number of elements that one selector matches; -1 if the browser rejects all of them. */
  rows: number;
  /** The number of elements in the page. */
  nodes: number;
  /** A hash of the text: it changes when the text changes. */
  text: number;
}

export type ButtonState = 'ready' | 'missing' | 'disabled' | 'hidden' | 'invalid';

/** Expressions that call these functions. */
export const snapshotScript = (selectors: readonly string[]) =>
  callScript(SNAPSHOT, selectors.map(toFindArgument));
export const buttonStateScript = (selector: string) => callScript(BUTTON, toFindArgument(selector));
export const clickScript = (selector: string) => callScript(CLICK, toFindArgument(selector));
export const scrollScript = (selector: string | null) =>
  callScript(SCROLL, selector && toFindArgument(selector));

/** Adds the prefix that FIND expects. */
function toFindArgument(selector: string): string {
  const expression = parseXPathSelector(selector);
  return expression === undefined ? selector : `xpath:${expression}`;
}

function callScript(source: string, argument: unknown): string {
  return `(${source})(${JSON.stringify(argument)})`;
}
