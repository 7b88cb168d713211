import { pluralize } from '../../core/lib/text.ts';
import { getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement, PageNode } from '../lib/page.ts';
import { labelElement } from './element-label.ts';
import { cleanText, getShownRoot, isForPrograms, isHidden, measureContent } from './visible-content.ts';

/** The readable text of a page, or of some of its elements. */
export interface ReadableText {
  text: string;
  /** What the text leaves out, as sentences. */
  notes: string[];
}

/** Elements that a site marks as the part that is the page's own. */
const MAIN_PARTS = 'main, [role="main"], article, #content, #main, #main-content';
/** Without that share of the text of the page, such a part is not what the page is about. */
const MIN_MAIN_SHARE = 0.4;
/** Around the main part. */
const BOILERPLATE = /^(?:nav|header|footer|aside)$/;
const BLOCK =
  /^(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|li|main|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)$/;
const URL_CHARACTERS = 120;

/**
 * Writes the text that a reader sees, links as `text <address>`, headings as `# …`, list entries as `- …`, the cells of
 * a row with ` | ` between them.
 * @param elements what to read; default: the main part of the page
 */
export function writeReadableText(page: Page, elements?: readonly PageElement[]): ReadableText {
  if (elements !== undefined) {
    const writers = elements.map((element) => new TextWriter(page.isXml).write(element, false));
    return { text: writers.map(({ text }) => text).join('\n\n'), notes: describeHidden(writers) };
  }
  const root = getShownRoot(page);
  if (root === undefined) return { text: '', notes: [] };
  const part = findMainPart(page, root);
  const writer = new TextWriter(page.isXml).write(part, part === root);
  const notes = describeHidden([writer]);
  if (part !== root)
    notes.unshift(
      `the text is that of ${labelElement(part)}, the main part; near: "${labelElement(root)}" reads the whole page`,
    );
  else if (writer.skipped > 0)
    notes.unshift(
      `without nav, header, footer and aside; near: "${labelElement(root)}" reads the whole page`,
    );
  return { text: writer.text, notes };
}

function describeHidden(writers: readonly TextWriter[]): string[] {
  const hidden = writers.reduce((sum, writer) => sum + writer.hidden, 0);
  return hidden === 0
    ? []
    : [`${pluralize(hidden, 'hidden element is', 'hidden elements are')} left out; as: html shows them`];
}

function findMainPart(page: Page, root: PageElement): PageElement {
  if (page.isXml) return root;
  const sizes = measureContent(root);
  const whole = sizes.get(root)?.text ?? 0;
  let best: PageElement | undefined;
  for (const part of select(page, MAIN_PARTS))
    if (best === undefined || (sizes.get(part)?.text ?? 0) > (sizes.get(best)?.text ?? 0)) best = part;
  const share = best === undefined ? 0 : (sizes.get(best)?.text ?? 0);
  return best !== undefined && share > 0 && share >= whole * MIN_MAIN_SHARE ? best : root;
}

class TextWriter {
  hidden = 0;
  skipped = 0;
  readonly #isXml: boolean;
  #lines: string[] = [];
  #line = '';

  constructor(isXml: boolean) {
    this.#isXml = isXml;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  write(root: PageElement, skipsBoilerplate: boolean): this {
    // A stack instead of recursion: pages can be nested deeper than the call stack allows.
    const left: (PageNode | (() => void))[] = [root];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (typeof node === 'function') node();
      else if (node.type === 'text') this.#add(node.data);
      else if (isElement(node)) this.#open(node, left, skipsBoilerplate && node !== root);
    }
    this.#endLine();
    return this;
  }

  #open(element: PageElement, left: (PageNode | (() => void))[], mayskip: boolean): void {
    const { name, attribs } = element;
    if (isForPrograms(element) || name === 'svg') return;
    if (isHidden(element)) {
      if (getText(element).trim() !== '') this.hidden += 1;
      return;
    }
    if (mayskip && (BOILERPLATE.test(name) || attribs['role'] === 'navigation')) {
      this.skipped += 1;
      return;
    }
    const isBlock = this.#isXml || BLOCK.test(name);
    const isCell = !this.#isXml && /^t[dh]$/.test(name);
    if (isCell) {
      if (this.#line !== '') this.#line += ' | ';
    } else if (isBlock) this.#endLine();
    if (name === 'br') this.#endLine();
    if (name === 'img' && attribs['alt']) this.#add(`[image: ${attribs['alt']}]`);
    const mark = this.#isXml ? '' : getMark(name);
    if (mark !== '') this.#line += mark;
    left.push(() => this.#close(element, isBlock && !isCell));
    for (let child = element.lastChild; child !== null; child = child.prev) left.push(child);
  }

  #close({ name, attribs }: PageElement, endsLine: boolean): void {
    const { href } = attribs;
    if (name === 'a' && href !== undefined && /^(?!#|javascript:)./i.test(href) && this.#line.trim() !== '')
      this.#line += ` <${cleanText(href, URL_CHARACTERS)}>`;
    if (endsLine) this.#endLine();
  }

  #add(text: string): void {
    const words = text.replaceAll(/\s+/g, ' ');
    this.#line += this.#line === '' || this.#line.endsWith(' ') ? words.trimStart() : words;
  }

  #endLine(): void {
    const line = this.#line.trim();
    this.#line = '';
    if (/[^\s|#>-]/.test(line)) this.#lines.push(line);
  }
}

function getMark(name: string): string {
  const [, level] = /^h([1-6])$/.exec(name) ?? [];
  if (level !== undefined) return `${'#'.repeat(Number(level))} `;
  return name === 'li' ? '- ' : '';
}
