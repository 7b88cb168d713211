/** What an element holds: text, which is never read as HTML, or other elements. */
type Content = string | Node;

export interface ElementOptions {
  class?: string;
  /** Shown when the pointer rests on it. */
  title?: string;
  label?: string;
  onClick?: () => void;
}

/** Creates an element. Text goes in as text: values come from web pages. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions,
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.class !== undefined) made.className = options.class;
  if (options.title !== undefined) made.title = options.title;
  if (options.label !== undefined) made.setAttribute('aria-label', options.label);
  if (options.onClick !== undefined) made.addEventListener('click', options.onClick);
  made.append(...content);
  return made;
}

/** Shows these elements in place of what the page shows now. */
export function showPage(...content: Node[]): void {
  document.body.replaceChildren(element('main', {}, ...content));
}

const MAX_SHOWN = 300;

/** A value as one line of text; a long one is cut. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text.replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
