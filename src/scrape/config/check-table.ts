import { asRecord, isRecord } from '../../core/lib/json.ts';
import type { Finding } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** Checks the keys that belong to a table. It reads the raw map, because the rules apply even if other parts are invalid. */
export function checkTable(raw: Tree): Finding[] {
  // Without a value it is an error of its own.
  const hasTable = Object.hasOwn(raw, 'table');
  const columns = Object.entries(asRecord(raw['selectors'])).filter(
    ([, field]) => isRecord(field) && field['column'] !== undefined,
  );
  if (!hasTable) {
    const missing: Finding[] =
      raw['selectors'] === undefined || raw['selectors'] === null
        ? [
            {
              path: ['selectors'],
              message: 'is missing',
              hint: 'Add the fields to take: selectors: {title: "h1"}',
            },
          ]
        : [];
    return [
      ...missing,
      ...columns.map(
        ([name]): Finding => ({
          path: ['selectors', name, 'column'],
          part: 'key',
          message: 'column is for the cells of a table, and there is no table',
          hint: 'Name the table: table: "#prices".',
        }),
      ),
    ];
  }
  const findings: Finding[] = [];
  if (raw['item'] !== undefined) {
    const hint = 'Remove item: the rows of the table are the rows.';
    findings.push({ path: ['item'], part: 'key', message: 'table and item are both given', hint });
  }
  const named = ['links', 'units'].find((key) => asRecord(raw['table'])[key] === true);
  if (named !== undefined && raw['selectors'] !== undefined)
    findings.push({
      path: ['table', named],
      part: 'key',
      message: `${named} is for tables whose header names the fields, and selectors names them`,
      hint: named === 'links' ? 'Write a field: {column: NAME, selector: a, attribute: href}.' : 'Remove it.',
    });
  return findings;
}
