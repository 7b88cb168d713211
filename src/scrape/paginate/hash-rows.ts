import { hash } from 'node:crypto';
import type { Item } from '../extract/item.ts';

/** The same for the same rows only. */
export function hashRows(rows: readonly Item[]): string {
  return hash('sha256', JSON.stringify(rows), 'base64');
}
