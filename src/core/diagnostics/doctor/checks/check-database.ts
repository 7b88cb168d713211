import { pluralize } from '../../../lib/text.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface DatabaseFacts {
  file: string;
  exists: boolean;
  /** Why it cannot be opened or read. */
  error: string | undefined;
  /** The damage that was found; empty: none. `undefined`: not checked. */
  damage: readonly string[] | undefined;
  schema: number | undefined;
  /** The newest schema version that this program supports. */
  knownSchema: number;
  bytes: number;
  walBytes: number;
  /** Copies of damaged databases that were moved aside. */
  corruptCopies: readonly string[];
  /** The daily snapshots; omitted when their folder cannot be listed. */
  snapshots?: { folder: string; count: number; newestAt: number | undefined };
  /** Descriptions of data that was lost lately, or will be lost at the next use. */
  losses?: readonly string[];
}

const MIB = 1024 * 1024;
const LARGE_WAL_BYTES = 256 * MIB;

/** Checks whether `quickscrape.db` is undamaged and has a supported version. */
export function checkDatabaseFile(facts: DatabaseFacts): Finding[] {
  const { ok, warning, problem } = createFindings('database');
  const { file: where, damage, schema, knownSchema } = facts;
  const aside = 'stop the scheduler and read docs/how-to/troubleshooting.md, “A damaged database”';
  const findings: Finding[] = [];
  if (!facts.exists) findings.push(ok('is not there yet; it is made at the first use', { where }));
  else if (facts.error !== undefined)
    findings.push(problem(`cannot be read: ${facts.error}`, { where, fix: aside }));
  else if (damage !== undefined && damage.length > 0) {
    findings.push(
      problem(`is damaged: ${damage[0]}${damage.length > 1 ? ` (and ${damage.length - 1} more)` : ''}`, {
        where,
        fix: aside,
      }),
    );
  } else if (schema !== undefined && schema > knownSchema) {
    findings.push(
      problem(`was written by a newer version (schema ${schema}, this one knows ${knownSchema})`, {
        where,
        fix: 'use that version of QuickScrape Jobs, or a newer one',
      }),
    );
  } else {
    const older =
      schema !== undefined && schema < knownSchema
        ? `; schema ${schema} is brought to ${knownSchema} at the next use`
        : '';
    const whole = damage === undefined ? 'can be read' : 'is whole';
    findings.push(ok(`${whole}, ${(facts.bytes / MIB).toFixed(1)} MiB${older}`, { where }));
  }
  for (const loss of facts.losses ?? [])
    findings.push(warning(loss, { where, fix: 'read docs/how-to/troubleshooting.md, “An older database”' }));
  if (facts.walBytes > LARGE_WAL_BYTES) {
    findings.push(
      warning(
        `has ${Math.round(facts.walBytes / MIB)} MiB of changes not yet folded in: some process keeps an old reading open`,
        {
          where: `${where}-wal`,
          fix: 'quickscrape scheduler restart',
        },
      ),
    );
  }
  if (facts.snapshots !== undefined && facts.exists) findings.push(describeSnapshots(facts.snapshots));
  const [copy] = facts.corruptCopies;
  if (copy !== undefined) {
    findings.push(
      warning(
        `${facts.corruptCopies.length === 1 ? 'a damaged database was' : `${facts.corruptCopies.length} damaged databases were`} set aside earlier`,
        {
          where: copy,
          fix: 'check the disk; delete the copy when nothing in it is missed',
        },
      ),
    );
  }
  return findings;
}

function describeSnapshots({ folder, count, newestAt }: NonNullable<DatabaseFacts['snapshots']>): Finding {
  const { ok } = createFindings('database');
  if (newestAt === undefined)
    return ok('has no snapshot yet; a scheduler takes one a day', { where: folder });
  const newest = new Date(newestAt).toISOString();
  return ok(`has ${pluralize(count, 'snapshot')}, the newest of ${newest}`, { where: folder });
}
