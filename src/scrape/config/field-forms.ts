import { asRecord, isRecord } from '../../core/lib/json.ts';
import { VALUE_TYPES, type ValueType } from '../parsers/parse-value.ts';
import { isDataSelector } from '../selectors/data-selector.ts';

type Tree = Readonly<Record<string, unknown>>;

/** What the values of a field are, as far as its configuration says. */
export interface ValueForm {
  is: ValueType | 'text' | 'address' | 'map' | 'anything';
  /** Whether a text is read by a type or a regex, which can fail. */
  isRead: boolean;
}

/**
 * The form of the values of each field of a configuration, by the field's name: `price`, `author.name` for one within
 * another. It reads the raw map, so it also works where other parts are invalid.
 */
export function valueForms(raw: Tree): Map<string, ValueForm> {
  const cleaning = asRecord(raw['data_cleaning']);
  const isConverted = cleaning['convert_numbers'] !== undefined && cleaning['convert_numbers'] !== false;
  const found = new Map<string, ValueForm>();
  const addAll = (fields: unknown, above: readonly string[]) => {
    for (const [key, field] of Object.entries(asRecord(fields))) {
      const names = [...above, key];
      found.set(names.join('.'), formOf(field, isConverted));
      if (isRecord(field)) addAll(field['children'], names);
    }
  };
  addAll(raw['selectors'], []);
  for (let follow = raw['follow']; isRecord(follow); follow = follow['follow'])
    addAll(follow['selectors'], []);
  return found;
}

function formOf(field: unknown, isConverted: boolean): ValueForm {
  const keys = asRecord(typeof field === 'string' ? { selector: field } : field);
  const { selector, type, regex, children, page, html, extract_html } = keys;
  const isRead = type !== undefined || regex !== undefined;
  if (page !== undefined) return { is: page === 'fetched_at' ? 'date' : 'address', isRead };
  if (children !== undefined) return { is: 'map', isRead };
  const known = VALUE_TYPES.find((name) => name === type);
  if (known !== undefined) return { is: known, isRead };
  if (type !== undefined) return { is: 'anything', isRead };
  if (html === true || extract_html === true) return { is: 'text', isRead };
  const isPlain = selector === undefined ? keys['column'] !== undefined : isElementSelector(selector);
  return { is: !isConverted && isPlain ? 'text' : 'anything', isRead };
}

/** Whether a selector takes elements, whose values are texts. */
function isElementSelector(selector: unknown): boolean {
  return typeof selector === 'string' && !isDataSelector(selector) && !/^\s*xpath:/i.test(selector);
}
