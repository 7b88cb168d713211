import * as z from 'zod';
import { ConfigEdits } from '../configs/config-edits.ts';
import { DAY_MS } from '../lib/clock.ts';
import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { invalidCursor } from '../model/input-errors.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { Trash, type TrashedJob } from '../trash/trash.ts';
import type { Workspace } from '../workspace.ts';
import { namingField } from './check-config.ts';
import { defineOperation, type OperationContext, READ_ONLY } from './define-operation.ts';
import { configNameInput, instantOutput } from './operation-fields.ts';
import { makePageCursor, readTextCursor } from './page-cursor.ts';
import { fillPage } from './page-room.ts';
import { storeConfig } from './store-config.ts';

export const listTrash = defineOperation({
  name: 'list_trash',
  title: 'List the trash',
  description: 'Deleted jobs, and deleted or overwritten texts of configurations, newest first.',
  input: () =>
    z.strictObject({
      limit: z.int().min(1).max(1000).default(50),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      deleted: z.array(
        z.object({
          kind: z.enum(['job', 'config']),
          name: z.string().describe('The job_id or config_name'),
          deleted_at: instantOutput(),
          deleted_by: z.string().nullable(),
          reason: z.enum(['deleted', 'overwritten']).describe('overwritten: by another text of its name'),
          kept_until: instantOutput().describe('Then it is gone'),
        }),
      ),
      total: z.int(),
      next_cursor: z.string().optional(),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler(workspace, { limit, cursor }, { room }) {
    const trash = new Trash(workspace.paths.trash);
    const all = [
      ...latestOfEach(trash.list()).map((job) => ({
        kind: 'job' as const,
        reason: 'deleted' as const,
        ...job,
      })),
      ...trash.listConfigs().map((config) => ({ kind: 'config' as const, ...config })),
    ].sort((one, other) => other.deletedAt - one.deletedAt || (placeOf(one) < placeOf(other) ? -1 : 1));
    const rest = cursor === undefined ? all : all.filter(isAfter(readTextCursor(cursor, 'trash')));
    const days = workspace.settings.get('trash_days');
    const timezone = workspace.settings.get('timezone');
    const deleted = fillPage(
      room,
      { total: all.length },
      rest.slice(0, limit),
      ({ kind, id, deletedAt, by, reason }) => ({
        kind,
        name: id,
        deleted_at: formatInstant(deletedAt, timezone),
        deleted_by: by,
        reason,
        kept_until: formatInstant(deletedAt + days * DAY_MS, timezone),
      }),
    );
    const last = rest[deleted.length - 1];
    return {
      deleted,
      total: all.length,
      ...(last !== undefined &&
        rest.length > deleted.length && { next_cursor: makePageCursor('trash', [placeOf(last)]) }),
    };
  },
});

interface TrashPlace extends Pick<TrashedJob, 'id' | 'deletedAt'> {
  kind: 'job' | 'config';
}

/** `1795867200000 config books` */
function placeOf({ kind, id, deletedAt }: TrashPlace): string {
  return `${deletedAt} ${kind} ${id}`;
}

/** Whether an entry comes after a place, also when what was there has been restored. */
function isAfter(place: string): (entry: TrashPlace) => boolean {
  const at = Number(place.split(' ')[0]);
  if (!/^\d+ (?:job|config) \S+$/.test(place)) throw invalidCursor();
  return (entry) => entry.deletedAt < at || (entry.deletedAt === at && placeOf(entry) > place);
}

/** Only the latest deletion of a job can be restored. */
function latestOfEach(jobs: readonly TrashedJob[]): TrashedJob[] {
  const seen = new Set<string>();
  return jobs.filter(({ id }) => !seen.has(id) && seen.add(id));
}

export const restoreConfig = defineOperation({
  name: 'restore_config',
  title: 'Restore a configuration',
  description: 'Brings the newest deleted or overwritten text of a configuration back from the trash.',
  input: () =>
    z.strictObject({
      config_name: configNameInput(),
      deleted_at: z.string().optional().describe('Of list_trash: an older text'),
    }),
  output: () =>
    z.object({
      config_name: z.string(),
      revision: z.string(),
      changed: z.boolean().describe('Another text was there, which is in the trash now, or none'),
      file: z.string(),
      deleted_at: instantOutput().describe('When the restored text was deleted or overwritten'),
      warnings: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  errors: ['config_not_found'],
  async handler(workspace, { config_name, deleted_at }, context) {
    const { paths, configs, settings } = workspace;
    const file = configs.fileOf(config_name);
    const trash = new Trash(paths.trash);
    const all = trash.listConfigs();
    const versions = all.filter(({ id }) => id === config_name);
    const at = deleted_at === undefined ? undefined : new Date(deleted_at).getTime();
    const found = versions.find(({ deletedAt }) => at === undefined || deletedAt === at);
    if (found === undefined) throw notInTrash(config_name, all, versions.length > 0);
    const { revision, changed, warnings } = await putBack(workspace, config_name, trash.read(found), context);
    trash.remove(found);
    return {
      config_name,
      revision,
      changed,
      file,
      deleted_at: formatInstant(found.deletedAt, settings.get('timezone')),
      warnings,
    };
  },
});

/** A person's text comes back unchecked. What comes back for a client is reviewed as what it saves. */
async function putBack(workspace: Workspace, name: string, yaml: string, context: OperationContext) {
  if (context.reviewConfig === undefined)
    return { ...(await new ConfigEdits(workspace).save(name, yaml)), warnings: [] };
  // All that it says is its own: it was stored like this before, and the answer must not compare it with the present text.
  const text = { yaml, field: 'config_name', forRun: true, kept: [] };
  const { saved, warnings } = await namingField('config_name', () =>
    storeConfig(workspace, name, text, context),
  );
  return { ...saved, warnings: warnings.map(({ message }) => message) };
}

function notInTrash(name: string, all: readonly TrashedJob[], hasOthers: boolean): QuickscrapeError {
  const close = closestNames(name, [...new Set(all.map(({ id }) => id))]);
  const what = hasOthers ? 'no text of that instant' : 'no deleted text';
  return new QuickscrapeError(
    'config_not_found',
    `the trash has ${what} of configuration ${JSON.stringify(name)}`,
    {
      field: hasOthers ? 'deleted_at' : 'config_name',
      hint:
        close.length > 0 && !hasOthers
          ? `Did you mean ${close.join(' or ')}?`
          : { id: 'list_deleted_configs' },
    },
  );
}
