import { pluralize, truncateList } from '../../../core/lib/text.ts';
import type { JobVersion } from '../../kernel/call.ts';
import {
  type Change,
  type ConfigChange,
  type Direction,
  differingFields,
  type JobChange,
  type Journal,
  type JournalEntry,
} from './model.ts';

/** The maximum number of entries. */
const MAX_ENTRIES = 200;

type RecordedChange = Of<JobChange> | Of<ConfigChange>;

type Of<C extends Change> = Pick<C, 'of' | 'jobId' | 'before' | 'after'> & {
  at: number;
  group: string | null;
};

interface SettledChange {
  entry: number;
  jobId: string;
  direction: Direction;
  reason: string | null;
}

/** The journal after a new change. Undone changes can then no longer be redone. */
export function recordChange(journal: Journal, { at, group, ...recorded }: RecordedChange): Journal {
  const change: Change = { ...recorded, state: 'done', reason: null };
  const known = recorded.of === 'job' ? withFresh(journal, recorded.jobId, recorded.after) : journal;
  const last = journal.entries.at(-1);
  if (last !== undefined && group !== null && last.group === group) {
    const grown = { ...last, changes: [...last.changes, change] };
    return { ...known, entries: [...journal.entries.slice(0, -1), grown] };
  }
  const entry: JournalEntry = { id: journal.nextId, at, group, changes: [change] };
  const earlier = journal.entries.map(withoutRedo);
  return { ...known, entries: [...earlier, entry].slice(-MAX_ENTRIES), nextId: journal.nextId + 1 };
}

/** Records the result of undoing or redoing a job's change; `reason` is set when it was not possible. */
export function settleChange(
  journal: Journal,
  { entry: id, jobId, direction, reason }: SettledChange,
  version?: JobVersion | null,
): Journal {
  const state =
    direction === 'undo' ? (reason === null ? 'undone' : 'kept') : reason === null ? 'done' : 'dropped';
  const known = version === undefined ? journal : withFresh(journal, jobId, version);
  return withEntry(known, id, (entry) => {
    const index = entry.changes.findIndex((change) => change.jobId === jobId);
    const change = entry.changes[index];
    return change === undefined
      ? entry
      : { ...entry, changes: entry.changes.with(index, { ...change, state, reason }) };
  });
}

/** Records changes that were not attempted, with the reason for each job. */
export function refuseChanges(
  journal: Journal,
  id: number,
  direction: Direction,
  reasons: ReadonlyMap<string, string>,
): Journal {
  if (reasons.size === 0) return journal;
  const state = direction === 'undo' ? 'kept' : 'dropped';
  const refused = (change: Change): Change => {
    const reason = reasons.get(change.jobId);
    return reason === undefined ? change : { ...change, state, reason };
  };
  return withEntry(journal, id, (entry) => ({ ...entry, changes: entry.changes.map(refused) }));
}

function withEntry(journal: Journal, id: number, change: (entry: JournalEntry) => JournalEntry): Journal {
  return { ...journal, entries: journal.entries.map((entry) => (entry.id === id ? change(entry) : entry)) };
}

/** Clears the fresh versions, once the home includes them. */
export function clearFresh(journal: Journal): Journal {
  return journal.fresh.size === 0 ? journal : { ...journal, fresh: new Map() };
}

/** The next entry to undo is the newest one with changes that stand. The next to redo is the oldest undone one. */
export function nextEntry({ entries }: Journal, direction: Direction): JournalEntry | undefined {
  if (direction === 'undo') return entries.findLast((entry) => pendingChanges(entry, 'undo').length > 0);
  return entries.find((entry) => pendingChanges(entry, 'redo').length > 0);
}

/** The changes of an entry that can be undone or redone. */
export function pendingChanges({ changes }: JournalEntry, direction: Direction): readonly Change[] {
  return changes.filter(({ state }) => state === (direction === 'undo' ? 'done' : 'undone'));
}

function withFresh(journal: Journal, jobId: string, version: JobVersion | null): Journal {
  return { ...journal, fresh: new Map([...journal.fresh, [jobId, version]]) };
}

function withoutRedo(entry: JournalEntry): JournalEntry {
  if (entry.changes.every(({ state }) => state !== 'undone')) return entry;
  const dropped = (change: Change): Change =>
    change.state === 'undone' ? { ...change, state: 'dropped' } : change;
  return { ...entry, changes: entry.changes.map(dropped) };
}

const IMPORT_GROUP = 'import:';

/** The group of the changes of an import to the jobs, or to the configurations. */
export function importGroup({ nextId }: Journal, of: Change['of']): string {
  return `${IMPORT_GROUP}${nextId}:${of}`;
}

function isImport({ group }: JournalEntry): boolean {
  return group?.startsWith(IMPORT_GROUP) === true;
}

/** Whether the last change of a job was that it was imported. */
export function wasImported({ entries }: Journal, jobId: string): boolean {
  const last = entries.findLast(({ changes }) =>
    changes.some((change) => change.of === 'job' && change.jobId === jobId),
  );
  return last !== undefined && isImport(last);
}

/** Describes an entry of the journal in one line: `Deleted news`, `Changed the tags of 3 jobs: a, b, c`. */
export function describeEntry(entry: JournalEntry): string {
  const { changes } = entry;
  const [first] = changes;
  if (first === undefined) return '';
  const ids = changes.map(({ jobId }) => jobId);
  const verb = isImport(entry) ? 'Imported' : changeVerb(first);
  if (first.of === 'config')
    return `${verb} the ${ids.length === 1 ? 'configuration' : 'configurations'} ${truncateList(ids)}`;
  const jobs = ids.length === 1 ? first.jobId : `${pluralize(ids.length, 'job')}: ${truncateList(ids)}`;
  return `${verb} ${jobs}`;
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
