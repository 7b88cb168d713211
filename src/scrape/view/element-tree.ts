import type { PageElement } from '../lib/page.ts';
import { getOwnText } from '../suggest/dom-helpers.ts';
import { getKind, labelElement } from './element-label.ts';
import {
  type ContentSize,
  cleanText,
  getShownChildren,
  isHidden,
  measureContent,
} from './visible-content.ts';

/** The tree of a page as text, a line an element. */
export interface ElementTree {
  text: string;
  /** Elements that the text stands for, repeated ones included; and all elements. */
  shown: number;
  total: number;
}

/** Elements of one kind among siblings; the first of them stands for all. */
interface TreeNode {
  /** The first element, or a chain of elements in each of which the next one is alone. */
  chain: PageElement[];
  count: number;
  depth: number;
  /** How early it is opened: what it holds, times the factors of the elements around it. */
  weight: number;
  factor: number;
  /** Elements in it, with those of its siblings. */
  elements: number;
  children: TreeNode[] | undefined;
}

/** Parts that every page of a site has: they are opened last. */
const BOILERPLATE = /^(?:nav|header|footer|aside|form|dialog|menu)$/;
const SAMPLE_CHARACTERS = 48;
/** Kinds of children that are listed for one element. */
const MAX_KINDS = 24;
/** With more kinds than this, ids make no difference. */
const MAX_NAMED = 8;
/** Levels of a chain that are named. */
const MAX_CHAIN = 4;

/**
 * Writes the tree of an element as text: tag, id and stable classes, the beginning of the text, siblings of one kind once
 * (`li.product ×20`). Elements are opened as long as there is room, those with most text first.
 * @param maxBytes of the text in JSON
 */
export function writeElementTree(root: PageElement, maxBytes: number): ElementTree {
  const sizes = measureContent(root);
  const total = sizes.get(root)?.elements ?? 1;
  const top = createNode([root], 0, sizes, 1);
  let room = maxBytes - lineBytes(top);
  const open: TreeNode[] = [top];
  for (;;) {
    const next = takeHeaviest(open);
    if (next === undefined) break;
    const children = createChildren(next, sizes);
    const cost = children.reduce((sum, child) => sum + lineBytes(child), 0);
    if (cost > room) continue;
    room -= cost;
    next.children = children;
    for (const child of children) if (child.elements > child.count * child.chain.length) open.push(child);
  }
  const lines: string[] = [];
  let shown = 0;
  const left = [top];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    lines.push(formatLine(node));
    shown += node.count * node.chain.length;
    left.push(...(node.children ?? []).toReversed());
  }
  return { text: lines.join('\n'), shown: Math.min(shown, total), total };
}

function takeHeaviest(open: TreeNode[]): TreeNode | undefined {
  let best = 0;
  for (let at = 1; at < open.length; at += 1)
    if ((open[at]?.weight ?? 0) > (open[best]?.weight ?? 0)) best = at;
  return open.splice(best, 1)[0];
}

function createNode(
  siblings: readonly PageElement[],
  depth: number,
  sizes: ReadonlyMap<PageElement, ContentSize>,
  outer: number,
): TreeNode {
  const [first] = siblings as [PageElement, ...PageElement[]];
  const chain = [first];
  for (let only = getOnlyChild(first); only !== undefined; only = getOnlyChild(only)) chain.push(only);
  let text = 0;
  let elements = 0;
  for (const element of siblings) {
    text += sizes.get(element)?.text ?? 0;
    elements += sizes.get(element)?.elements ?? 1;
  }
  const role = first.attribs['role'] ?? '';
  const isMinor = BOILERPLATE.test(first.name) || /navigation|banner|contentinfo|search/.test(role);
  const factor = outer * 0.9 * (isHidden(first) ? 0.1 : 1) * (isMinor ? 0.2 : 1);
  return {
    chain,
    count: siblings.length,
    depth,
    weight: (text + elements) * factor,
    factor,
    elements,
    children: undefined,
  };
}

function getOnlyChild(element: PageElement): PageElement | undefined {
  const [child, second] = getShownChildren(element);
  return child !== undefined && second === undefined && getOwnText(element) === '' ? child : undefined;
}

function createChildren(node: TreeNode, sizes: ReadonlyMap<PageElement, ContentSize>): TreeNode[] {
  const last = node.chain.at(-1);
  if (last === undefined) return [];
  const all = getShownChildren(last);
  const byId = groupByKind(all, false);
  const kinds = byId.length > MAX_NAMED ? groupByKind(all, true) : byId;
  const nodes = kinds.map((siblings) => createNode(siblings, node.depth + 1, sizes, node.factor));
  if (nodes.length <= MAX_KINDS) return nodes;
  const heaviest = new Set(nodes.toSorted((one, other) => other.weight - one.weight).slice(0, MAX_KINDS));
  return nodes.filter((each) => heaviest.has(each));
}

function groupByKind(elements: readonly PageElement[], ignoresId: boolean): PageElement[][] {
  const kinds = new Map<string, PageElement[]>();
  for (const element of elements) {
    const kind = getKind(element, ignoresId);
    const alike = kinds.get(kind);
    if (alike === undefined) kinds.set(kind, [element]);
    else alike.push(element);
  }
  return [...kinds.values()];
}

function lineBytes(node: TreeNode): number {
  return Buffer.byteLength(JSON.stringify(formatLine(node)));
}

function formatLine({ chain, count, depth, children, elements }: TreeNode): string {
  const labels = chain.map((element, level) => labelElement(element, level === 0 && count > 1));
  const path =
    labels.length <= MAX_CHAIN
      ? labels.join(' > ')
      : `${labels.slice(0, 2).join(' > ')} > (${labels.length - 3} levels) > ${labels.at(-1)}`;
  const last = chain.at(-1);
  const text = last === undefined ? '' : cleanText(getOwnText(last), SAMPLE_CHARACTERS);
  const inside = elements / count - chain.length;
  return [
    ' '.repeat(depth) + path,
    ...(count > 1 ? [`×${count}`] : []),
    ...(chain.some(isHidden) ? ['(hidden)'] : []),
    ...(text === '' ? [] : [`“${text}”`]),
    ...(children === undefined && inside >= 1 ? [`… ${Math.round(inside)} inside`] : []),
  ].join(' ');
}
