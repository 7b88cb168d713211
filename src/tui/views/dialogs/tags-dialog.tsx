import { pluralize } from '../../../core/lib/pluralize.ts';
import { tagCounts } from '../../batch/tags-rules.ts';
import { findJobRow } from '../../home/home-data.ts';
import { Field } from '../parts/field.tsx';
import { centerRect, Overlay } from '../parts/overlay.tsx';
import { gapLine, textLine } from '../parts/overlay-lines.tsx';
import type { DialogProps } from './dialog-props.ts';

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
    textLine(
      'hint',
      problem ?? 'daily, -old: gives the one, takes the other.',
      problem ? 'bad' : 'faint',
      inner,
    ),
  ];
  const [only] = jobIds;
  const title = jobIds.length === 1 && only !== undefined ? only : pluralize(jobIds.length, 'job');
  return <Overlay rect={rect} title={`Tags of ${title}`} lines={lines} />;
}
