import { countWords } from '../../../core/count-words.ts';
import { tagCounts } from '../../batch/tags-dialog.ts';
import { jobOf } from '../../home/home-data.ts';
import { Field } from '../parts/field.tsx';
import { middleOf, Overlay } from '../parts/overlay.tsx';
import { gapLine, textLine } from '../parts/overlay-lines.tsx';
import type { DialogProps } from './dialog-props.ts';

export function TagsDialog({ state, dialog, body }: DialogProps<'tags'>) {
  const { jobIds, line, problem } = dialog;
  const jobs = jobIds.flatMap((id) => jobOf(state.home?.jobs ?? [], id) ?? []);
  const rect = middleOf(body, 76, 7);
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
    textLine(
      'hint',
      problem ?? 'daily, -old: gives the one, takes the other.',
      problem ? 'bad' : 'faint',
      inner,
    ),
  ];
  const [only] = jobIds;
  const title = jobIds.length === 1 && only !== undefined ? only : countWords(jobIds.length, 'job');
  return <Overlay rect={rect} title={`Tags of ${title}`} lines={lines} />;
}
