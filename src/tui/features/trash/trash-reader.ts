import { readFileSync } from 'node:fs';
import { ConfigEdits } from '../../../core/configs/config-edits.ts';
import { revisionOf } from '../../../core/configs/config-store.ts';
import { wrapUnavailable } from '../../../core/fs/system-errors.ts';
import { withHint } from '../../../core/lib/text.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { Trash, type TrashedJob } from '../../../core/trash/trash.ts';
import type { Workspace } from '../../../core/workspace.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf, SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import { readConfigNow, waitForStore } from '../../runtime/run-call.ts';
import { summarizeConfig } from '../config-editor/summary.ts';
import type { TrashRow } from './model.ts';

/** Describes a deleted job from the text of its file: its configuration, its schedule, its description. */
export function describeTrashedJob(text: string): string {
  const { config_name: config, schedule, description } = fieldsOf(text);
  return [config, scheduleText(schedule), description]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' · ');
}

/** Describes a version of a configuration. */
export function describeTrashedConfig(yaml: string): string {
  const { host, pages, fields } = summarizeConfig(yaml);
  return [host, pages, fields.join(', ')].filter(Boolean).join(' · ');
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}

function scheduleText(schedule: unknown): string {
  try {
    return JobSchedule.fromDict(schedule as Parameters<typeof JobSchedule.fromDict>[0]).describe();
  } catch {
    // The file was written by an older or a newer version of the program.
    return '';
  }
}

/** Reads a home's trash. Each file is read once, because files in the trash never change. */
class TrashReader {
  readonly #trash: Trash;
  #rows = new Map<string, TrashRow>();

  constructor({ paths }: Pick<Workspace, 'paths'>) {
    this.#trash = new Trash(paths.trash);
  }

  /**
   * The latest deletion of each job, and every deleted or overwritten version of a configuration, latest first.
   * `undefined` when nothing has changed since the last read.
   * @throws QuickscrapeError `store_unavailable`
   */
  read(): readonly TrashRow[] | undefined {
    const jobs = latestVersion(this.#trash.list());
    const configs = this.#trash.listConfigs();
    const rows = [
      ...jobs.map((job) => this.#row('job', job)),
      ...configs.map((config) => this.#row('config', config)),
    ].sort((one, other) => other.deletedAt - one.deletedAt);
    const isSame = rows.length === this.#rows.size && rows.every(({ file }) => this.#rows.has(file));
    this.#rows = new Map(rows.map((row) => [row.file, row]));
    return isSame && rows.length > 0 ? undefined : rows;
  }

  #row(kind: TrashRow['kind'], trashed: TrashedJob): TrashRow {
    const known = this.#rows.get(trashed.file);
    if (known !== undefined) return known;
    const text = this.#textOf(trashed);
    const { id, deletedAt, by, file } = trashed;
    if (kind === 'job')
      return { kind, id, deletedAt, by, file, about: describeTrashedJob(text), revision: null };
    return { kind, id, deletedAt, by, file, about: describeTrashedConfig(text), revision: revisionOf(text) };
  }

  /** Empty when another process has just restored the job. */
  #textOf(trashed: TrashedJob): string {
    try {
      return this.#trash.read(trashed);
    } catch {
      return '';
    }
  }
}

/** Only the latest deletion of a job can be restored. */
function latestVersion(deleted: readonly TrashedJob[]): TrashedJob[] {
  const seen = new Set<string>();
  return deleted.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** The interval in ms at which the trash is checked for changes. */
const POLL_INTERVAL_MS = 1000;

/** Sends the content of the trash, and sends it again after each change. */
export function watchTrash(_: SubscriptionOf<'trash'>, { workspace, send }: EffectContext): Unsubscribe {
  const reader = new TrashReader(workspace);
  let problem = '';
  const poll = () => {
    try {
      const rows = reader.read();
      problem = '';
      if (rows !== undefined) send({ kind: 'trash', rows });
    } catch (error) {
      const { message } = toFailure(error);
      // The same message is sent once, not on each poll.
      if (message !== problem) send({ kind: 'said', tone: 'bad', text: message });
      problem = message;
    }
  };
  const timer = setInterval(poll, POLL_INTERVAL_MS);
  const first = setImmediate(poll);
  return () => {
    clearInterval(timer);
    clearImmediate(first);
  };
}

/** The cursor has to stay on an entry this long before its text is read. */
const TEXT_DELAY_MS = 60;

/** Sends the text of an entry, once. */
export function readTrashText({ file }: SubscriptionOf<'trash_text'>, { send }: EffectContext): Unsubscribe {
  const timer = setTimeout(() => {
    try {
      const text = wrapUnavailable(`cannot read ${file}`, () => readFileSync(file, 'utf8'));
      send({ kind: 'trash_text', file, text });
    } catch (error) {
      send({ kind: 'trash_text', file, text: '', problem: toFailure(error).message });
    }
  }, TEXT_DELAY_MS);
  return () => clearTimeout(timer);
}

/**
 * Restores a version of a configuration from the trash unchanged, whether it can run or not. `save_config` would reject
 * one that cannot run.
 */
export function restoreConfig(effect: EffectOf<'restore_config'>, context: EffectContext): void {
  const { name, file, ifRevision } = effect;
  const { workspace, readOnly, send } = context;
  const restore = async () => {
    if (readOnly) return;
    await waitForStore(context);
    const yaml = wrapUnavailable(`cannot read ${file}`, () => readFileSync(file, 'utf8'));
    const before = readConfigNow(workspace, name);
    const { revision, changed } = await new ConfigEdits(workspace).save(name, yaml, ifRevision);
    if (before && changed)
      send({ kind: 'config_restored', name, before: before.version, after: { yaml, revision } });
    send({ kind: 'said', tone: 'good', text: `${name} was restored. u undoes it.`, subject: name });
  };
  restore().catch((error: unknown) => {
    const { message, hint } = toFailure(error);
    send({
      kind: 'said',
      tone: 'bad',
      text: `${name} was not restored: ${withHint(message, hint)}`,
      subject: name,
    });
  });
}
