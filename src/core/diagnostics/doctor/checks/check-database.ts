import { pluralize } from '../../../lib/pluralize.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface DatabaseFacts {
  file: string;
  exists: boolean;
  /** Why it cannot be opened or read. */
  error: string | undefined;
  /** What is damaged; empty: nothing. `undefined`: not checked. */
  damage: readonly string[] | undefined;
  schema: number | undefined;
  /** The schema version that this program knows. */
  knownSchema: number;
  bytes: number;
  walBytes: number;
  /** Copies of damaged databases that were kept. */
  corruptCopies: readonly string[];
  /** The daily snapshots; left out where their folder cannot be listed. */
  snapshots?: { folder: string; count: number; newestAt: number | undefined };
  /** What was lost of it lately, or will be when it is used next, in words. */
  losses?: readonly string[];
}

const MIB = 1024 * 1024;
const LARGE_WAL_BYTES = 256 * MIB;

/** Whether `quickscrape.db` is whole and of a version that we can read. */
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
        fix: 'npm install -g quickscrape-jobs@latest',
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
