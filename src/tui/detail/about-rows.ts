import { describeAuthor, toAuthor } from '../home/describe-author.ts';
import { labeledText, type StyledRow } from '../styled-row.ts';
import { formatClockTime } from '../time/format-clock-time.ts';
import type { DetailParts, DetailSection } from './detail-rows.ts';

/** What the job scrapes, its tags, and who made and changed it when. */
export const aboutRows: DetailSection = (parts) => {
  const { row, columns } = parts;
  const { configName, hosts, tags, updatedAt, updatedBy, revision } = row;
  if (configName === null) return [];
  const where = hosts.length === 0 ? '' : ` (${hosts.join(', ')})`;
  const changed =
    updatedAt === null || revision <= 1
      ? []
      : labeledText(
          'Changed',
          `${formatTimeAndAuthor(parts, updatedAt, updatedBy)}, revision ${revision}`,
          columns,
        );
  return [
    ...labeledText('Config', `${configName}${where}`, columns, { max: 3 }),
    ...(tags.length === 0 ? [] : labeledText('Tags', tags.join(', '), columns, { style: 'accent', max: 3 })),
    ...createdRows(parts),
    ...changed,
  ];
};

function createdRows(parts: DetailParts): StyledRow[] {
  const { row, detail, columns } = parts;
  const created = detail.data?.job.job.created_at;
  if (created === undefined) return [];
  return labeledText('Made', formatTimeAndAuthor(parts, Date.parse(created), row.createdBy), columns);
}

function formatTimeAndAuthor({ now, timezone }: DetailParts, at: number, by: string | null): string {
  const who = describeAuthor(toAuthor(by));
  return `${formatClockTime(at, now, timezone)}${who === '' ? '' : ` by ${who}`}`;
}
