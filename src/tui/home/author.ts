import { ACTORS } from '../../core/model/definition.ts';
import type { Author } from './home-data.ts';

/** Who did something, from where the person at this dashboard sits; empty when nobody knows. */
export function describeAuthor(by: Author): string {
  switch (by) {
    case 'tui':
      return 'you';
    case 'mcp':
    case 'rpc':
      return 'an agent';
    case 'hand':
      return 'an editor';
    case 'cli':
      return 'a command';
    case 'library':
      return 'a program';
    case 'scheduler':
      return 'the scheduler';
    case null:
      return '';
    default:
      return by satisfies never;
  }
}

const AUTHOR_LABELS: readonly unknown[] = [...ACTORS, 'scheduler'];

/** What a row of the database says of who asked. */
export function toAuthor(name: string | null): Author {
  return AUTHOR_LABELS.includes(name) ? (name as Author) : null;
}
