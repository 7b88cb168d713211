import { pluralize, truncateList } from '../../../core/lib/text.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { Field } from '../../ui/components/field.tsx';
import { centerRect, gapLine, Overlay, textLine } from '../../ui/components/overlay.tsx';
import { keyOf } from '../../ui/input.ts';
import { editLine } from '../../ui/text/edit-line.ts';
import {
  CLOSE,
  type DialogProps,
  type DialogRules,
  type FooterPart,
  REFUSED_ENTER,
} from '../define-feature.ts';
import { changeJobs, type JobChangeKind } from './actions.ts';

/** Enter adds and removes the tags. With more than one job it asks for confirmation. */
export const tagsRules: DialogRules<'tags'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape') return closeDialog(state);
    if (key === 'enter') {
      const { added, removed } = parseTags(dialog.line.text);
      if (added.length + removed.length === 0)
        return step({ ...state, dialog: { ...dialog, problem: 'Type at least one tag.' } });
      const jobs = dialog.jobIds.flatMap((id) => findJobRow(state.home?.jobs ?? [], id) ?? []);
      const closed = closeDialog(state).state;
      if (jobs.length === 0)
        return step(
          withNotice(
            closed,
            'warning',
            `${truncateList(dialog.jobIds)}: deleted meanwhile, nothing was tagged.`,
          ),
        );
      return changeJobs(closed, retag(added, removed), jobs);
    }
    const line = editLine(dialog.line, input);
    if (line === undefined) return step(state);
    const { problem: _, ...rest } = dialog;
    return step({ ...state, dialog: { ...rest, line } });
  },
};

/** Enter waits until a tag is typed. */
export function tagsKeys({ line, problem }: DialogOf<'tags'>): readonly FooterPart[] {
  const { added, removed } = parseTags(line.text);
  const enter: FooterPart = { key: 'Enter', word: 'apply' };
  if (added.length + removed.length > 0) return [enter, CLOSE];
  return [problem === undefined ? { ...enter, isRefused: true } : REFUSED_ENTER, CLOSE];
}

export function TagsDialog({ state, dialog, body }: DialogProps<'tags'>) {
  const { jobIds, line, problem } = dialog;
  const jobs = jobIds.flatMap((id) => findJobRow(state.home?.jobs ?? [], id) ?? []);
  const rect = centerRect(body, 76, 7);
  const inner = rect.columns - 4;
  const counts = tagCounts(jobs).map(({ tag, jobs: count }) =>
    jobs.length === 1 ? tag : `${tag} (${count})`,
  );
  const now = counts.length === 0 ? 'No tags now.' : `Now: ${counts.join(', ')}`;
  const lines = [
    textLine('now', now, 'plain', inner),
    gapLine('gap'),
    { key: 'field', cells: inner, content: <Field line={line} columns={inner} /> },
    gapLine('gap 2'),
    textLine('hint', problem ?? 'daily, -old: adds daily, removes old.', problem ? 'bad' : 'faint', inner),
  ];
  const [only] = jobIds;
  const title = jobIds.length === 1 && only !== undefined ? only : pluralize(jobIds.length, 'job');
  return <Overlay rect={rect} title={`Tags of ${title}`} lines={lines} />;
}

/** Parses a line of tags: `daily, -old` adds `daily` and removes `old`. */
function parseTags(text: string): { added: string[]; removed: string[] } {
  const bare = (word: string) => word.replace(/^[+-]\s*/, '');
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => bare(word) !== '');
  return {
    added: words.filter((word) => !word.startsWith('-')).map(bare),
    removed: words.filter((word) => word.startsWith('-')).map(bare),
  };
}

/** The tags of these jobs with the number of jobs for each, most common first. */
function tagCounts(jobs: readonly JobRow[]): { tag: string; jobs: number }[] {
  const counts = new Map<string, number>();
  for (const { tags } of jobs) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, jobs: count }))
    .sort((a, b) => b.jobs - a.jobs || (a.tag < b.tag ? -1 : 1));
}

/** Adds the tags in `added` to the jobs and removes the tags in `removed`. */
function retag(added: readonly string[], removed: readonly string[]): JobChangeKind {
  return {
    title: 'Change the tags of',
    past: 'tagged',
    hint: 'u undoes it.',
    calls: ({ id, tags, revision }) => {
      const next = [...new Set([...tags, ...added])].filter((tag) => !removed.includes(tag));
      if (next.length === tags.length && next.every((tag, index) => tag === tags[index]))
        return 'it has these tags already';
      return [{ name: 'update_job', params: { job_id: id, changes: { tags: next }, if_revision: revision } }];
    },
  };
}
