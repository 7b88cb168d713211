import { DEFINITION_DEFAULTS, DEFINITION_FIELDS, type DefinitionField } from '../../core/job/definition.ts';
import { labelledText } from '../look-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** What stands elsewhere in the detail. */
const ELSEWHERE: readonly DefinitionField[] = ['config_name', 'schedule', 'description', 'enabled', 'tags'];

/** What of the definition is not as it is by default. */
export const settingRows: DetailSection = ({ row: { definition }, columns }) => {
  if (definition === null) return [];
  const defaults: Readonly<Record<string, unknown>> = DEFINITION_DEFAULTS;
  const set = DEFINITION_FIELDS.filter(
    (field) =>
      !ELSEWHERE.includes(field) && JSON.stringify(definition[field]) !== JSON.stringify(defaults[field]),
  );
  return set.flatMap((field, at) => {
    const usual = defaults[field] === null ? '' : ` (default ${valueWords(defaults[field])})`;
    return labelledText(at === 0 ? 'Set' : '', `${field} ${valueWords(definition[field])}${usual}`, columns, {
      most: 3,
    });
  });
};

function valueWords(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
