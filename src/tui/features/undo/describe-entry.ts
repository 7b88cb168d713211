import { pluralize } from '../../../core/lib/pluralize.ts';
import { truncateList } from '../../../core/lib/truncate-list.ts';
import type { Change, JournalEntry } from './model.ts';
import { differingFields } from './model.ts';

/** Describes an entry of the journal in one line: `Deleted news`, `Changed the tags of 3 jobs: a, b, c`. */
export function describeEntry({ changes }: JournalEntry): string {
  const [first] = changes;
  if (first === undefined) return '';
  if (first.of === 'config') return `${changeVerb(first)} the configuration ${first.jobId}`;
  const ids = changes.map(({ jobId }) => jobId);
  const jobs = ids.length === 1 ? first.jobId : `${pluralize(ids.length, 'job')}: ${truncateList(ids)}`;
  return `${changeVerb(first)} ${jobs}`;
}

function changeVerb(change: Change): string {
  if (change.before === null || change.after === null) return change.before === null ? 'Created' : 'Deleted';
  if (change.of === 'config') return 'Changed';
  const { before, after } = change;
  const fields = differingFields(before, after);
  if (fields.length === 1 && fields[0] === 'enabled')
    return after.definition.enabled ? 'Enabled' : 'Disabled';
  return `Changed ${fields.join(', ')} of`;
}

/** Describes the state of an entry: `undone`, `2 of 3 undone, 1 kept`; empty while nothing is undone. */
export function describeEntryState({ changes }: JournalEntry): string {
  const states = ['undone', 'kept', 'dropped'] as const;
  const counts = states.map((state) => ({
    state,
    count: changes.filter((change) => change.state === state).length,
  }));
  const label = counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) =>
      count === changes.length ? STATE_LABELS[state] : `${count} of ${changes.length} ${STATE_LABELS[state]}`,
    );
  return label.join(', ');
}

const STATE_LABELS = { undone: 'undone', kept: 'not undone', dropped: 'undone, cannot be redone' } as const;
