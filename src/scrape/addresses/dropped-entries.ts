import { pluralize } from '../../core/lib/text.ts';

/** Entries of a list of addresses that were dropped without a warning. */
export interface DroppedEntries {
  /** They repeat an earlier one. */
  duplicates: number;
  /** Rows of a table, or objects, without a value. */
  empty: number;
}

/** Says what was dropped: `1 duplicate and 2 empty left out`; empty if nothing was. */
export function describeDropped({ duplicates, empty }: DroppedEntries): string {
  const parts = [
    ...(duplicates > 0 ? [pluralize(duplicates, 'duplicate')] : []),
    ...(empty > 0 ? [`${empty.toLocaleString('en-US')} empty`] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join(' and ')} left out`;
}
