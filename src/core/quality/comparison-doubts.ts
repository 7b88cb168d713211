import { pluralize } from '../lib/text.ts';
import type { ChangeRules } from '../model/change-rules.ts';
import type { compareItems } from './compare-items.ts';
import { type ComparisonKey, formatKey } from './comparison-key.ts';

type Figures = Pick<Awaited<ReturnType<typeof compareItems>>, 'fields' | 'keyless' | 'sharedKeys' | 'unread'>;

/**
 * Says what makes a comparison doubtful: a key that identifies not every item, conditions that cannot be evaluated. A
 * key that was guessed may fail without a word, unless conditions depend on it.
 */
export function comparisonDoubts(
  rules: ChangeRules,
  key: ComparisonKey,
  { fields, keyless, sharedKeys, unread }: Figures,
): string[] {
  if (fields.length === 0) return [];
  const hasConditions = Object.keys(rules.when).length > 0;
  const doubts: string[] = [];
  if (key.from !== 'configuration' && rules.key.length > 0)
    doubts.push(
      `no item has the key ${rules.key.join(', ')}: compared by ${formatKey(key) ?? 'all fields'} instead`,
    );
  if (hasConditions && key.fields.length === 0)
    doubts.push('changes.when cannot be applied: no field identifies an item; set changes.key');
  if (key.from === 'configuration' && keyless > 0)
    doubts.push(
      `${pluralize(keyless, 'item')} without ${formatKey(key)}: compared as a whole, each change is one added and one removed`,
    );
  if (key.from === 'configuration' && sharedKeys > 0)
    doubts.push(
      `${pluralize(sharedKeys, 'item')} with the same ${formatKey(key)} as another: such items are compared in their order; add a field to the key`,
    );
  for (const [field, count] of Object.entries(unread))
    doubts.push(
      `changes.when.${field}: no number in ${pluralize(count, 'changed item')}; give the field type: number or price`,
    );
  return doubts;
}
