/** What the database tells a repair: the jobs that have a history, and how many runs have lost their process. */
export interface History {
  /** `undefined` when the database cannot be read. */
  jobs: ReadonlySet<string> | undefined;
  deadRuns: number;
}

/** Reads the database, which may be missing or broken, without changing it. */
export async function readHistory(file: string): Promise<History> {
  const { collectDatabase } = await import('../doctor/collect-database.ts');
  const content = collectDatabase(file);
  if (!content.facts.exists) return { jobs: new Set(), deadRuns: 0 };
  if (!content.readable) return { jobs: undefined, deadRuns: 0 };
  const deadRuns = content.active.filter(
    ({ status, alive }) => status === 'running' && alive !== true,
  ).length;
  return { jobs: new Set(content.runIds.keys()), deadRuns };
}
