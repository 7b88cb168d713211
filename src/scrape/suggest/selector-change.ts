import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { FieldSelector } from '../config/field.ts';
import type { ExtractionRules } from './per-page.ts';

/** A selector to write in place of another one. */
export interface SelectorChange {
  /** Its key in the configuration: `item`, `selectors.price`, `selectors.seller.children.name`. */
  path: string;
  from: string;
  /** The new selector; or the whole field, as it is written, where the value is now in another attribute. */
  value: string | Record<string, unknown>;
  /** Elements that the new selector matches on the page. */
  matched: number;
}

export function describeChange(
  path: string,
  { selector: from, ...field }: FieldSelector | { selector: string },
  changed: FieldSelector | { selector: string },
  matched: number,
): SelectorChange {
  const attributeOf = (one: object) => ('attribute' in one ? one.attribute : undefined);
  const isSame = attributeOf(field) === attributeOf(changed);
  return { path, from, value: isSame ? changed.selector : toInput(changed), matched };
}

/** A field as it is written, without keys at their defaults. */
function toInput(field: object): Record<string, unknown> {
  const entries = Object.entries(field).filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(entries);
}

export function withField(
  rules: ExtractionRules,
  name: string,
  field: FieldSelector | { selector: string },
): ExtractionRules {
  if (name === FOLLOW_LINK)
    return rules.follow ? { ...rules, follow: { ...rules.follow, selector: field.selector } } : rules;
  return { ...rules, selectors: { ...rules.selectors, [name]: field as FieldSelector } };
}
