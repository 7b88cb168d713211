import { fieldNames } from './fields-of.ts';
import type { Finding, Path } from './place.ts';
import type { ScrapeConfig } from './schema.ts';
import { nearest } from './suggestions.ts';

/** Fields of which `expect` expects something, and which there are not: every run will fail. */
export function unknownExpected(config: ScrapeConfig): Finding[] {
  const { required_fields = [], min_fill_percent = {} } = config.expect;
  const fields = fieldNames(config);
  const unknown = (name: string, path: Path, part: 'key' | 'value'): Finding[] => {
    if (fields.includes(name)) return [];
    const near = nearest(name, fields);
    const hint = near === undefined ? `Fields: ${fields.join(', ')}.` : `Did you mean "${near}"?`;
    return [{ path, part, message: `there is no field "${name}"`, hint }];
  };
  return [
    ...required_fields.flatMap((name, index) => unknown(name, ['expect', 'required_fields', index], 'value')),
    ...Object.keys(min_fill_percent).flatMap((name) =>
      unknown(name, ['expect', 'min_fill_percent', name], 'key'),
    ),
  ];
}
