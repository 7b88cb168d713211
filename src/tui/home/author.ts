import { ACTORS } from '../../core/model/definition.ts';
import type { Author } from './home-data.ts';

/** Describes an author from the point of view of this dashboard's user; empty when the author is unknown. */
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

/** Converts the author in a database row. */
export function toAuthor(name: string | null): Author {
  return AUTHOR_LABELS.includes(name) ? (name as Author) : null;
}
