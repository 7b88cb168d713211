import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Comparison = OperationOutput<'compare_runs'>;
type Example = Comparison['examples'][number];

interface Line {
  kind: Example['kind'];
  item: string;
  field: string;
  before: string;
  after: string;
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** The differences between two runs: one line per changed field, one per added or removed item. */
export function differenceTable({ examples, key }: Comparison, terminal: Terminal): string {
  const { colors } = terminal;
  const paint = { added: colors.green, removed: colors.red, changed: colors.yellow };
  return renderTable(
    [
      { title: ' ', value: ({ kind }) => SIGNS[kind], paint: (text, { kind }) => paint[kind](text) },
      { title: key ?? 'ITEM', value: ({ item }) => item, flexible: true },
      { title: 'FIELD', value: ({ field }) => field, flexible: true },
      { title: 'BEFORE', value: ({ before }) => before, flexible: true },
      { title: 'AFTER', value: ({ after }) => after, flexible: true },
    ],
    examples.flatMap((example) => toLines(example, key)),
    terminal,
  );
}

function toLines(
  { kind, key: value, before = {}, after = {}, fields = [] }: Example,
  key: string | null,
): Line[] {
  const fieldText = (item: Record<string, unknown>, field: string) =>
    Object.hasOwn(item, field) ? formatValue(item[field]) : '';
  const item = key === null ? '' : formatValue(value);
  if (kind === 'changed')
    return fields.map((field) => ({
      kind,
      item,
      field,
      before: fieldText(before, field),
      after: fieldText(after, field),
    }));
  const formatSide = (of: Record<string, unknown>) => formatItem(of, key);
  return [{ kind, item, field: '', before: formatSide(before), after: formatSide(after) }];
}

/** The other fields of an added or removed item. */
function formatItem(item: Record<string, unknown>, key: string | null): string {
  return Object.entries(item)
    .filter(([field]) => field !== key)
    .map(([field, value]) => `${field}: ${formatValue(value)}`)
    .join(', ');
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
