import { writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isRecord } from '../../core/lib/json.ts';
import { makeRunFolder, runFiles } from '../../core/runs/run-files.ts';
import type { SelectorFindings } from '../../core/runs/selector-findings.ts';
import type { Workspace } from '../../core/workspace.ts';

/** As many good runs say what is usual (core/quality/selector-history.ts). */
const USUAL_RUNS = 10;

/**
 * Writes what the selectors of the newest good runs matched, as if each item had had each field: so it is known what is
 * usual.
 * @param runs those that succeeded, oldest first
 */
export function recordPastFindings(
  { paths, configs }: Workspace,
  job: { id: string; configName: string },
  runs: readonly { readonly runId: string; readonly items: number; readonly pages: number }[],
): void {
  const tree: unknown = parse(configs.read(job.configName).yaml);
  if (!isRecord(tree) || !isRecord(tree['selectors'])) return;
  const fields = Object.entries(tree['selectors']).map(
    ([field, written]) => [field, selectorOf(written)] as const,
  );
  const next = isRecord(tree['pagination']) ? tree['pagination'] : {};
  for (const { runId, items, pages } of runs.slice(-USUAL_RUNS)) {
    const finding = (selector: string, matched: number) => ({
      selector,
      matched,
      pages,
      filled: matched,
      usual: null,
      stopped: false,
    });
    const findings: SelectorFindings = {
      pages,
      items,
      selectors: Object.fromEntries(fields.map(([field, selector]) => [field, finding(selector, items)])),
      parts: {
        item: finding(selectorOf(tree['item']), items),
        pagination: finding(selectorOf(next), pages),
      },
      shape: null,
      warnings: [],
      misses: {},
    };
    const files = runFiles(paths, job.id, runId);
    makeRunFolder(files);
    writeFileSync(files.selectors, JSON.stringify(findings), { mode: 0o600 });
  }
}

function selectorOf(written: unknown): string {
  const selector = isRecord(written) ? written['selector'] : written;
  return typeof selector === 'string' ? selector : '';
}
