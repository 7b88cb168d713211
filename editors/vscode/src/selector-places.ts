import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** Where a selector stands in the text of a configuration. */
export interface SelectorPlace {
  /** The name under which the program counts its matches: `title`, `reviews.stars`, `item`, `pagination.selector`. */
  name: string;
  selector: string;
  /** The end of its value; both count from 0. */
  line: number;
  character: number;
}

/** Finds the selectors of a configuration. A text that is not YAML yet gives those before the error. */
export function selectorPlaces(yaml: string): SelectorPlace[] {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  const places: SelectorPlace[] = [];

  const add = (name: string, node: unknown) => {
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return;
    const { line, col } = lines.linePos(node.range[1]);
    places.push({ name, selector: node.value, line: line - 1, character: col - 1 });
  };
  const addFields = (fields: unknown, above: string) => {
    if (!isMap(fields)) return;
    for (const { key, value } of fields.items) {
      const name = `${above}${isScalar(key) ? key.value : key}`;
      add(name, value);
      add(name, childOf(value, 'selector'));
      addFields(childOf(value, 'children'), `${name}.`);
    }
  };

  const root = document.contents;
  add('item', childOf(root, 'item'));
  addFields(childOf(root, 'selectors'), '');
  add('pagination.selector', childOf(childOf(root, 'pagination'), 'selector'));
  add('follow.selector', childOf(childOf(root, 'follow'), 'selector'));
  addFields(childOf(childOf(root, 'follow'), 'selectors'), '');
  return places;
}

function childOf(node: unknown, key: string): Node | undefined {
  return isMap(node) ? (node.get(key, true) as Node | undefined) : undefined;
}
