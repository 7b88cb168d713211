import { DEFINITION_DEFAULTS, DEFINITION_FIELDS, type DefinitionField } from '../../core/model/definition.ts';
import { labeledText } from '../styled-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** What stands elsewhere in the detail. */
const FIELDS_SHOWN_ELSEWHERE: readonly DefinitionField[] = [
  'config_name',
  'schedule',
  'description',
  'enabled',
  'tags',
];

/** What of the definition is not as it is by default. */
export const settingRows: DetailSection = ({ row: { definition }, columns }) => {
  if (definition === null) return [];
  const defaults: Readonly<Record<string, unknown>> = DEFINITION_DEFAULTS;
  const set = DEFINITION_FIELDS.filter(
    (field) =>
      !FIELDS_SHOWN_ELSEWHERE.includes(field) &&
      JSON.stringify(definition[field]) !== JSON.stringify(defaults[field]),
  );
  return set.flatMap((field, at) => {
    const defaultText = defaults[field] === null ? '' : ` (default ${formatValue(defaults[field])})`;
    return labeledText(
      at === 0 ? 'Set' : '',
      `${field} ${formatValue(definition[field])}${defaultText}`,
      columns,
      {
        max: 3,
      },
    );
  });
};

function formatValue(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
