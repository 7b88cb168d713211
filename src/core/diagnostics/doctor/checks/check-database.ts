import { DAY_MS } from '../../../lib/clock.ts';
import { formatDuration } from '../../../lib/format-duration.ts';
import { plainCommand } from '../../../lib/hints.ts';
import { describeUpgrade } from '../../../lib/installation.ts';
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

/** What decides whether a snapshot should have been taken; instants in epoch milliseconds. */
interface SnapshotContext {
  now: number;
  /** Since when the present scheduler, which takes the snapshots, has been running; `undefined` while none runs. */
  schedulerSince: number | undefined;
}

/** A scheduler takes a snapshot a day; when none has come for this long, something keeps it from that. */
const MAX_SNAPSHOT_AGE_MS = 2 * DAY_MS;

/** Checks whether `quickscrape.db` is undamaged and has a supported version, and whether snapshots of it are taken. */
export function checkDatabaseFile(
  facts: DatabaseFacts,
  context: SnapshotContext,
  command = plainCommand,
): Finding[] {
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
        fix: describeUpgrade(),
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
        `has ${Math.round(facts.walBytes / MIB)} MiB of changes not yet merged: a process keeps an old read transaction open`,
        {
          where: `${where}-wal`,
          fix: command('scheduler restart'),
        },
      ),
    );
  }
  if (facts.snapshots !== undefined && facts.exists)
    findings.push(checkSnapshots(facts.snapshots, context, command));
  const [copy] = facts.corruptCopies;
  if (copy !== undefined) {
    findings.push(
      warning(
        `${facts.corruptCopies.length === 1 ? 'a damaged database was' : `${facts.corruptCopies.length} damaged databases were`} set aside earlier`,
        {
          where: copy,
          fix: 'check the disk; delete the copy if you do not need it',
        },
      ),
    );
  }
  return findings;
}

function checkSnapshots(
  { folder: where, count, newestAt }: NonNullable<DatabaseFacts['snapshots']>,
  { now, schedulerSince = now }: SnapshotContext,
  command: (line: string) => string,
): Finding {
  const { ok, warning } = createFindings('database');
  const newest = newestAt === undefined ? undefined : new Date(newestAt).toISOString();
  // A snapshot of the future was taken while the clock was wrong, and does not count.
  const lastAt = newestAt === undefined || newestAt > now ? 0 : newestAt;
  // A scheduler that has just started first takes the snapshot that is due.
  if (now - Math.max(schedulerSince, lastAt) > MAX_SNAPSHOT_AGE_MS) {
    const since = `the scheduler has run for ${formatDuration(now - schedulerSince)}`;
    const message =
      newest === undefined
        ? `has no snapshot, although ${since}`
        : `the newest snapshot is of ${newest}, although ${since} and takes one a day`;
    return warning(message, {
      where,
      fix: `see the reason with: ${command('scheduler logs')}; check the free space and the permissions of the folder`,
    });
  }
  if (newest === undefined) return ok('has no snapshot yet; a scheduler takes one a day', { where });
  return ok(`has ${pluralize(count, 'snapshot')}, the newest of ${newest}`, { where });
}
