import { changeRulesInConfig, fetchTimesInConfig } from '../../core/configs/config-values.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Message } from '../../core/messages/message-store.ts';
import { compareItems } from '../../core/quality/compare-items.ts';
import { resolveComparisonKey } from '../../core/quality/comparison-key.ts';
import { countedChanges } from '../../core/quality/counted-changes.ts';
import { type RowChange, toRowChange } from '../../core/quality/row-change.ts';
import { openRunItems } from '../../core/runs/item-file.ts';
import type { Workspace } from '../../core/workspace.ts';

const MAX_ROWS = 10;

const NONE = { changes: [], more: 0 };

/** The first differences between the items of a message's run and those of the run that it was compared with. */
export async function listChanges(
  workspace: Workspace,
  { runId, facts }: Message,
): Promise<{ changes: RowChange[]; more: number }> {
  const { runs, paths } = workspace;
  const run = runId === null ? undefined : runs.get(runId);
  const earlier = facts.changes === null ? undefined : runs.get(facts.changes.with_run_id);
  if (run === undefined || earlier === undefined || run.items + earlier.items > MAX_ITEMS) return NONE;
  try {
    const before = await openRunItems(paths, earlier);
    try {
      const after = await openRunItems(paths, run);
      try {
        const yaml = readConfig(workspace, run.configName);
        const rules = changeRulesInConfig(yaml);
        const { fields: key } = await resolveComparisonKey(rules.key, after);
        const counted = countedChanges(rules, key, fetchTimesInConfig(yaml));
        const compared = await compareItems(before, after, { key, counted, limit: MAX_ROWS });
        const all = compared.added + compared.removed + compared.changed;
        const changes = compared.examples.map((example) => toRowChange(example, key));
        return { changes, more: all - changes.length };
      } finally {
        await after.close();
      }
    } finally {
      await before.close();
    }
  } catch (error) {
    // The items were removed meanwhile: the message says how many differ.
    if (error instanceof QuickscrapeError) return NONE;
    throw error;
  }
}

/** A message does not wait for the comparison of larger runs. */
const MAX_ITEMS = 400_000;

function readConfig({ configs }: Workspace, name: string): string {
  try {
    return configs.read(name).yaml;
  } catch {
    return '';
  }
}
