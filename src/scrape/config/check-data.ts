import { asRecord, isRecord } from '../../core/lib/json.ts';
import { isDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { listWrittenFollows } from './follow.ts';
import type { Finding, Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** A field as written: its selector with the other keys. */
interface WrittenField {
  path: Path;
  selector: string;
  keys: Tree;
}

/** Keys that say what to take of an element. */
const ELEMENT_KEYS = ['attribute', 'html', 'extract_html'] as const;

/**
 * Checks which selectors of data stand together: in rows of data each field reads the row, and no key of elements
 * applies to data. It reads the raw map, because the rules apply even if other parts are invalid.
 */
export function checkDataSelectors(raw: Tree): Finding[] {
  const { item } = raw;
  const follows = listWrittenFollows(raw);
  const first = follows[0]?.tree['selector'];
  const fields = listFields(raw['selectors'], ['selectors']);
  const isOfData = typeof item === 'string' && isDataSelector(item);
  const link: WrittenField[] =
    typeof first === 'string' ? [{ path: ['follow', 'selector'], selector: first, keys: {} }] : [];
  const details = follows.flatMap(({ path, tree }) => listFields(tree['selectors'], [...path, 'selectors']));
  return [
    ...(isOfData ? [...fields, ...link].flatMap((field) => checkInData(field, 'rows are data')) : []),
    ...[...fields, ...details].flatMap(checkField),
    ...checkEmbedded(raw),
  ];
}

function listFields(record: unknown, path: Path): WrittenField[] {
  return Object.entries(asRecord(record)).flatMap(([name, field]): WrittenField[] => {
    if (typeof field === 'string') return [{ path: [...path, name], selector: field, keys: {} }];
    if (!isRecord(field) || typeof field['selector'] !== 'string') return [];
    return [{ path: [...path, name, 'selector'], selector: field['selector'], keys: field }];
  });
}

/** Within data, `$` is the row or the parent's value. */
function checkInData({ path, selector }: WrittenField, why: string): Finding[] {
  const data = parseDataSelector(selector);
  // The syntax of a JSONPath without json: is reported by itself.
  if (data?.source === 'json' || /^\s*\$[.[]/.test(selector)) return [];
  const shown = selector.trim().slice(0, 60);
  const message = `${why}, and "${shown}" ${data === undefined ? 'selects elements' : 'reads the whole page'}`;
  return [{ path, message, hint: `Write the way from the row to the value: "json:$.${toName(path)}".` }];
}

function toName(path: Path): string {
  const name = String(path.findLast((step) => step !== 'selector' && step !== 'follow') ?? 'url');
  return /^[A-Za-z_]\w*$/.test(name) ? name : 'url';
}

function checkField({ path, selector, keys }: WrittenField): Finding[] {
  const children = listFields(keys['children'], [...path.slice(0, -1), 'children']);
  const inner = children.flatMap(checkField);
  if (!isDataSelector(selector)) {
    const first = children.find((child) => isDataSelector(child.selector));
    if (first === undefined) return inner;
    const message = 'the parent is an element, and its children are elements in it';
    return [...inner, { path: first.path, message, hint: 'Move this field next to its parent.' }];
  }
  const key = ELEMENT_KEYS.find((name) => keys[name] !== undefined && keys[name] !== false);
  const ofElements: Finding[] =
    key === undefined
      ? []
      : [
          {
            path: [...path.slice(0, -1), key],
            part: 'key',
            message: `${key} is for elements, and the selector reads data`,
            hint: 'Remove it: the value of data is taken as it is.',
          },
        ];
  return [...ofElements, ...children.flatMap((child) => checkInData(child, 'the parent is data')), ...inner];
}

/** `embedded` says where the JSON of `json:` is. */
function checkEmbedded(raw: Tree): Finding[] {
  if (typeof raw['embedded'] !== 'string') return [];
  const all = JSON.stringify([raw['item'], raw['selectors'], raw['follow'], raw['pagination']]);
  if (/"\s*json:/i.test(all)) return [];
  const message = 'embedded is for selectors after json:, and there is none';
  return [
    { path: ['embedded'], part: 'key', message, hint: 'Write item: "json:$.…[*]", or remove embedded.' },
  ];
}
