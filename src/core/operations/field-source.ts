import { fieldInConfig } from '../configs/config-values.ts';
import { isRecord } from '../lib/json.ts';
import { readSelectorFindings } from '../runs/selector-findings.ts';
import type { Workspace } from '../workspace.ts';
import { findRun } from './find-or-throw.ts';
import { readRunConfig } from './run-config.ts';

/** Where the values of a field come from, in words. */
export interface FieldSource {
  /** The selector that the run used; where that is not known, the one of the configuration. */
  readonly selector: string | undefined;
  /** The selector that the configuration has now, if it is another one. */
  readonly selectorNow?: string;
  /** What is taken there, and as what it is read: `attribute href`, `type price`. */
  readonly details: readonly string[];
}

/**
 * Reads where a run has the values of a field from: the selector from its findings, all else from the configuration as it
 * is now, because a run keeps no copy of it. `undefined` where neither is known.
 */
export function readFieldSource(workspace: Workspace, runId: string, field: string): FieldSource | undefined {
  try {
    const run = findRun(workspace, runId);
    const used = readSelectorFindings(workspace.paths, run.jobId, runId)?.selectors[field]?.selector;
    const written = fieldInConfig(readRunConfig(workspace, run), field);
    if (written === undefined) return used === undefined ? undefined : { selector: used, details: [] };
    const { selector: given, ...keys } = isRecord(written) ? written : { selector: written };
    const now = typeof given === 'string' ? given : undefined;
    return {
      selector: used ?? now,
      ...(used !== undefined && now !== undefined && used !== now && { selectorNow: now }),
      details: describeKeys(keys),
    };
  } catch {
    return undefined;
  }
}

function describeKeys(keys: Readonly<Record<string, unknown>>): string[] {
  const { children, multiple, page, type, ...others } = keys;
  const isText = page === undefined && !isRecord(children);
  const written = Object.entries(others).flatMap(([key, value]) => {
    if (value === false || value === undefined || value === null) return [];
    return [value === true ? key : `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  });
  return [
    ...(page === undefined
      ? []
      : [page === 'fetched_at' ? 'the time of the fetch' : 'the address of the page']),
    ...written,
    ...(multiple === true ? ['every match'] : []),
    ...(isRecord(children) ? [`an object of ${Object.keys(children).join(', ')}`] : []),
    ...(typeof type === 'string' ? [`type ${type}`] : isText ? ['no type'] : []),
  ];
}
