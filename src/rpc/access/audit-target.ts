import type { Workspace } from '../../core/workspace.ts';

/** What a call is about. */
export interface AuditTarget {
  kind: 'job' | 'run' | 'config' | 'scheduler';
  id: string;
  /** For people. */
  text: string;
}

/** @param answer what came back, where it did: a new job's id is known by it only */
export function resolveAuditTarget(
  operation: string,
  params: unknown,
  answer: Record<string, unknown> | undefined,
): AuditTarget {
  const { job_id, run_id, config_name } = (params ?? {}) as Record<string, unknown>;
  if (operation.endsWith('_scheduler')) return { kind: 'scheduler', id: '', text: 'scheduler' };
  if (operation.endsWith('_config')) return createTarget('config', 'configuration', config_name);
  if (run_id !== undefined) return createTarget('run', 'run', run_id);
  const made = (answer?.['job'] as { id?: unknown } | undefined)?.id;
  return createTarget('job', 'job', made ?? job_id);
}

/** The revision that the target has now; `null` where there is none. */
export function readRevision(
  { jobs, configs }: Workspace,
  { kind, id }: AuditTarget,
): number | string | null {
  try {
    if (kind === 'config') return configs.read(id).revision;
    if (kind !== 'job') return null;
    const entry = jobs.get(id);
    return entry?.kind === 'valid' ? entry.record.revision : null;
  } catch {
    // It is not there, or nobody can read it.
    return null;
  }
}

function createTarget(kind: AuditTarget['kind'], word: string, id: unknown): AuditTarget {
  const name = typeof id === 'string' ? id : '';
  return { kind, id: name, text: `${word} ${name.slice(0, 64)}`.trim() };
}
