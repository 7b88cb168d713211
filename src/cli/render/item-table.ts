import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Item = Record<string, unknown>;

/** Scraped items as a table: a column for each field that any of them has, in order of appearance. */
export function itemTable(items: readonly Item[], terminal: Terminal): string {
  const fields = [...new Set(items.flatMap((item) => Object.keys(item)))];
  return renderTable(
    fields.map((field, index) => ({
      title: field,
      value: (item: Item) => formatCell(item[field]),
      flexible: true,
      drop: fields.length - index,
    })),
    items,
    terminal,
  );
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
