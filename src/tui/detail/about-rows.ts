import { authorWords, toAuthor } from '../home/author-words.ts';
import { type LookRow, labelledText } from '../look-row.ts';
import { clockWords } from '../time/clock-words.ts';
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
      : labelledText('Changed', `${whenAndWho(parts, updatedAt, updatedBy)}, revision ${revision}`, columns);
  return [
    ...labelledText('Config', `${configName}${where}`, columns, { most: 3 }),
    ...(tags.length === 0 ? [] : labelledText('Tags', tags.join(', '), columns, { look: 'accent', most: 3 })),
    ...madeRows(parts),
    ...changed,
  ];
};

function madeRows(parts: DetailParts): LookRow[] {
  const { row, detail, columns } = parts;
  const created = detail.told?.job.job.created_at;
  if (created === undefined) return [];
  return labelledText('Made', whenAndWho(parts, Date.parse(created), row.createdBy), columns);
}

function whenAndWho({ now, timezone }: DetailParts, at: number, by: string | null): string {
  const who = authorWords(toAuthor(by));
  return `${clockWords(at, now, timezone)}${who === '' ? '' : ` by ${who}`}`;
}
