import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { watchFiles } from '../../../core/fs/file-watcher.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { callOperation } from '../../../core/operations/call-operation.ts';
import type { Workspace } from '../../../core/workspace.ts';
import type { Author } from '../../home/home-data.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import type { ConfigRow } from './model.ts';
import { failedCheck, passedCheck } from './model.ts';
import { summarizeConfig } from './summary.ts';

/** So much of the audit log's end is looked at. */
const AUDIT_BYTES = 256 * 1024;

/** Reads the configurations of a home as rows: all of them, and after that those that have changed. */
export class ConfigReader {
  readonly #workspace: Pick<Workspace, 'configs' | 'paths'>;
  #rows = new Map<string, ConfigRow>();

  constructor(workspace: Pick<Workspace, 'configs' | 'paths'>) {
    this.#workspace = workspace;
  }

  /** All configurations, sorted by name; one that has not changed is the same object. @throws QuickscrapeError `store_unavailable` */
  read(): readonly ConfigRow[] {
    const authors = authorsOf(this.#workspace.paths.auditLog);
    const rows = this.#workspace.configs.list().map(({ name, file, updatedAt }) => {
      const known = this.#rows.get(name);
      return known?.updatedAt === updatedAt ? known : this.#readRow(name, file, updatedAt, authors);
    });
    this.#rows = new Map(rows.map((row) => [row.name, row]));
    return rows;
  }

  #readRow(name: string, file: string, updatedAt: number, authors: ReadonlyMap<string, Author>): ConfigRow {
    try {
      const { yaml, revision } = this.#workspace.configs.read(name);
      const by = authors.get(`${name} ${revision}`) ?? null;
      return { name, file, updatedAt, yaml, revision, problem: null, by, summary: summarizeConfig(yaml) };
    } catch (error) {
      if (!(error instanceof QuickscrapeError)) throw error;
      const nothing = { yaml: '', revision: null, by: null, summary: summarizeConfig('') };
      return { name, file, updatedAt, problem: error.message, ...nothing };
    }
  }
}

/** Which server stored which revision of which configuration lately: `books 0123456789ab` → `mcp`. */
function authorsOf(auditLog: string): ReadonlyMap<string, Author> {
  const authors = new Map<string, Author>();
  for (const line of tailOf(auditLog).split('\n')) {
    try {
      const { face, operation, target, after } = JSON.parse(line) as Record<string, unknown>;
      const name = /^configuration (.+)$/.exec(String(target))?.[1];
      if (operation === 'save_config' && name !== undefined && (face === 'mcp' || face === 'rpc'))
        authors.set(`${name} ${after}`, face);
    } catch {
      // The first line may be half a one.
    }
  }
  return authors;
}

function tailOf(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(AUDIT_BYTES, size));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, read);
  } catch {
    // Without a log nobody knows who it was.
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Reads the configurations and tells of all that changes in them. */
export function watchConfigs({ workspace, send, fail }: EffectContext): Unsubscribe {
  const reader = new ConfigReader(workspace);
  let closed = false;
  const sendConfigs = () => {
    if (closed) return;
    try {
      send({ kind: 'configs', rows: reader.read() });
    } catch (error) {
      if (error instanceof QuickscrapeError) send({ kind: 'said', tone: 'bad', text: error.message });
      else fail(error);
    }
  };
  const watcher = watchFiles(workspace.configs, { onChange: sendConfigs });
  const reading = setImmediate(sendConfigs);
  return async () => {
    closed = true;
    clearImmediate(reading);
    await watcher.close();
  };
}

/** Whoever passes by on the way to another one has none checked. */
const DEBOUNCE_MS = 150;

/** Has a stored configuration checked, as long as somebody looks at it, and tells what came of it. */
export function watchConfigCheck(
  { name, yaml }: SubscriptionOf<'config_check'>,
  { send, workspace }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const timer = setTimeout(async () => {
    const { checkConfigText } = await import('../../../core/configs/scraper-client.ts');
    const { signal } = controller;
    try {
      const { warnings } = await checkConfigText(yaml, `${name}.yaml`, {
        signal,
        home: workspace.paths.home,
        forRun: true,
      });
      if (!signal.aborted) send({ kind: 'config_checked', name, check: passedCheck(yaml, warnings) });
    } catch (error) {
      if (!signal.aborted) send({ kind: 'config_checked', name, check: failedCheck(yaml, toFailure(error)) });
    }
  }, DEBOUNCE_MS);
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}

/** Looks on a page for what could be taken from it, as long as somebody waits for it. */
export function watchSuggestion(
  { id, url, name }: SubscriptionOf<'proposal'>,
  context: EffectContext,
): Unsubscribe {
  const { workspace, send } = context;
  const controller = new AbortController();
  const { signal } = controller;
  const suggest = async () => {
    const { proposeSelectors } = await import('../../../core/configs/scraper-client.ts');
    return proposeSelectors({ url, name, home: workspace.paths.home }, { signal });
  };
  suggest().then(
    (found) => {
      if (!signal.aborted) send({ kind: 'proposed', id, outcome: { ok: true, found } });
    },
    (error: unknown) => {
      if (!signal.aborted) send({ kind: 'proposed', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}

/** Tries a configuration as long as somebody waits for it; after that its process is ended. */
export function watchTestRun(
  { id, params }: SubscriptionOf<'trial'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  callOperation(workspace, 'test_config', params, { signal }).then(
    (output) => {
      if (!signal.aborted) send({ kind: 'trial_ended', id, outcome: { ok: true, output } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'trial_ended', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}
