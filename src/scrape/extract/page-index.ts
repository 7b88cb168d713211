import type { ElementIndex, Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';
import { isElement } from './select.ts';

/** The last step of a selector: a tag, classes, ids, attributes and positions. */
const LAST_STEP = /(?:^|[\s>+~])((?:[A-Za-z][\w-]*|\*)?(?:[.#][\w-]+|\[[\w-]+\]|:[\w-]+(?:\(\))?)*)\s*$/;
const ATTRIBUTE_TEST = /\[\s*([A-Za-z][\w-]*)[^\]"']*(?:"[^"]*"|'[^']*')?[^\]"']*\]/g;

/**
 * The elements of a page by tag, class, id and attribute. A selector matches some of those with the name in its last
 * step, so nothing else is tried. Each list is made when it is first needed.
 */
export class PageIndex implements ElementIndex {
  readonly #page: Pick<Page, '$' | 'isXml'>;
  readonly #known = new Map<string, readonly PageElement[]>();
  readonly #attributes = new Map<string, readonly PageElement[]>();
  #elements: readonly PageElement[] | undefined;
  #tags: Map<string, PageElement[]> | undefined;
  #classes: Map<string, PageElement[]> | undefined;

  constructor(page: Pick<Page, '$' | 'isXml'>) {
    this.#page = page;
  }

  get(selector: string): readonly PageElement[] | undefined {
    return this.#known.get(selector);
  }

  set(selector: string, found: readonly PageElement[]): void {
    this.#known.set(selector, found);
  }

  get elements(): readonly PageElement[] {
    this.#elements ??= listAll(this.#page);
    return this.#elements;
  }

  listPossible(selector: string): readonly PageElement[] | undefined {
    // An escaped name is another one, one with a namespace has two parts, and [a!=b] matches what has no such attribute.
    if (/[\\|!]/.test(selector)) return undefined;
    const plain = selector.replaceAll(ATTRIBUTE_TEST, '[$1]').replaceAll(/\([^()]*\)/g, '()');
    const lists: (readonly PageElement[])[] = [];
    for (const one of plain.split(',')) {
      const step = LAST_STEP.exec(one)?.[1];
      const list = step === undefined ? undefined : this.#listByStep(step);
      if (list === undefined) return undefined;
      lists.push(list);
    }
    const [first = [], ...others] = lists.filter(({ length }) => length > 0);
    if (others.length === 0) return first;
    const all = new Set(lists.flat());
    return this.elements.filter((element) => all.has(element));
  }

  #listByStep(step: string): readonly PageElement[] | undefined {
    const id = /#([\w-]+)/.exec(step)?.[1];
    if (id !== undefined) return this.#listByAttribute('id');
    const name = /\.([\w-]+)/.exec(step)?.[1];
    if (name !== undefined) return this.#byClass.get(name) ?? [];
    const tag = /^[A-Za-z][\w-]*/.exec(step)?.[0];
    if (tag !== undefined) return this.#byTag.get(this.#page.isXml ? tag : tag.toLowerCase()) ?? [];
    const attribute = /\[([\w-]+)\]/.exec(step)?.[1];
    if (attribute === undefined) return undefined;
    return this.#listByAttribute(this.#page.isXml ? attribute : attribute.toLowerCase());
  }

  get #byTag(): Map<string, PageElement[]> {
    this.#tags ??= groupByTag(this.elements);
    return this.#tags;
  }

  get #byClass(): Map<string, PageElement[]> {
    this.#classes ??= groupByClass(this.elements);
    return this.#classes;
  }

  #listByAttribute(name: string): readonly PageElement[] {
    let found = this.#attributes.get(name);
    if (found === undefined) {
      found = this.elements.filter(({ attribs }) => Object.hasOwn(attribs, name));
      this.#attributes.set(name, found);
    }
    return found;
  }
}

function groupByTag(elements: readonly PageElement[]): Map<string, PageElement[]> {
  const lists = new Map<string, PageElement[]>();
  for (const element of elements) {
    const list = lists.get(element.name);
    if (list === undefined) lists.set(element.name, [element]);
    else list.push(element);
  }
  return lists;
}

function groupByClass(elements: readonly PageElement[]): Map<string, PageElement[]> {
  const lists = new Map<string, PageElement[]>();
  // Most elements of a large page have the classes of many others.
  const listsOf = new Map<string, PageElement[][]>();
  for (const element of elements) {
    const { class: classes } = element.attribs;
    if (classes === undefined) continue;
    let own = listsOf.get(classes);
    if (own === undefined) {
      own = [...new Set(classes.split(/\s+/))].map((name) => {
        const list = lists.get(name) ?? [];
        lists.set(name, list);
        return list;
      });
      listsOf.set(classes, own);
    }
    for (const list of own) list.push(element);
  }
  return lists;
}

function listAll({ $ }: Pick<Page, '$'>): PageElement[] {
  const all: PageElement[] = [];
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left: (PageNode | PageRoot)[] = [$._root];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (isElement(node)) all.push(node);
    // The elements of a template are in a fragment, which is no element.
    if ('children' in node)
      for (let at = node.children.length; at-- > 0; ) left.push(node.children[at] as PageNode);
  }
  return all;
}
