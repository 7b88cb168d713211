import { pluralize } from '../../../lib/pluralize.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface LeftoverFacts {
  /** Temporary files of writers that were killed; relative to the home. */
  tempFiles: readonly string[];
  /** Folders of runs that the database does not know; relative to the home. `undefined`: not known. */
  orphanedRuns: readonly string[] | undefined;
}

/** What is in nobody's way, but takes room. */
export function checkLeftovers({ tempFiles, orphanedRuns }: LeftoverFacts): Finding[] {
  const { ok, warning } = createFindings('leftovers');
  const findings: Finding[] = [];
  const [temp] = tempFiles;
  if (temp !== undefined) {
    findings.push(
      warning(`${pluralize(tempFiles.length, 'temporary file')} of a writer that was killed`, {
        where: temp,
        fix: 'quickscrape doctor --fix',
      }),
    );
  }
  const [stray] = orphanedRuns ?? [];
  if (stray !== undefined) {
    findings.push(
      warning(`${pluralize(orphanedRuns?.length ?? 0, 'folder')} of runs that the history does not know`, {
        where: stray,
        fix: 'delete them when their files are not missed',
      }),
    );
  }
  return findings.length > 0 ? findings : [ok('none')];
}
