import { getFieldNames } from './config-fields.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { Finding, Path } from './issue-location.ts';
import { findNearestName } from './nearest-name.ts';

/** Fields of which `expect` expects something, and which there are not: every run will fail. */
export function findUnknownExpectedFields(config: ScrapeConfig): Finding[] {
  const { required_fields = [], min_fill_percent = {} } = config.expect;
  const fields = getFieldNames(config);
  const unknown = (name: string, path: Path, part: 'key' | 'value'): Finding[] => {
    if (fields.includes(name)) return [];
    const suggestion = findNearestName(name, fields);
    const hint = suggestion === undefined ? `Fields: ${fields.join(', ')}.` : `Did you mean "${suggestion}"?`;
    return [{ path, part, message: `there is no field "${name}"`, hint }];
  };
  return [
    ...required_fields.flatMap((name, index) => unknown(name, ['expect', 'required_fields', index], 'value')),
    ...Object.keys(min_fill_percent).flatMap((name) =>
      unknown(name, ['expect', 'min_fill_percent', name], 'key'),
    ),
  ];
}
