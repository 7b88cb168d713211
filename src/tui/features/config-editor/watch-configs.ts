import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { findRepairs } from '../../../core/diagnostics/runs/find-repairs.ts';
import { watchFiles } from '../../../core/fs/file-watcher.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { late } from '../../../core/lib/late-modules.ts';
import { callOperation } from '../../../core/operations/call-operation.ts';
import type { Workspace } from '../../../core/workspace.ts';
import type { Author } from '../../home/home-data.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import { type ConfigRow, failedCheck, passedCheck } from './model.ts';
import { summarizeConfig } from './summary.ts';

const loadScraperClient = late(() => import('../../../core/configs/scraper-client.ts'));

/** The size of the audit log's end that is read, in bytes. */
const AUDIT_BYTES = 256 * 1024;

/** Reads the configurations of a home as rows. The first call reads all files, later calls only the changed ones. */
export class ConfigReader {
  readonly #workspace: Pick<Workspace, 'configs' | 'paths'>;
  #rows = new Map<string, ConfigRow>();

  constructor(workspace: Pick<Workspace, 'configs' | 'paths'>) {
    this.#workspace = workspace;
  }

  /**
   * Returns all configurations, sorted by name. An unchanged one is the same object.
   * @throws QuickscrapeError `store_unavailable`
   */
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

/** Maps recently stored revisions to the interface that stored them: `books 0123456789ab` → `mcp`. */
function authorsOf(auditLog: string): ReadonlyMap<string, Author> {
  const authors = new Map<string, Author>();
  for (const line of tailOf(auditLog).split('\n')) {
    try {
      const { face, operation, target, after } = JSON.parse(line) as Record<string, unknown>;
      const name = /^configuration (.+)$/.exec(String(target))?.[1];
      if (operation === 'save_config' && name !== undefined && (face === 'mcp' || face === 'rpc'))
        authors.set(`${name} ${after}`, face);
    } catch {
      // The first line may be incomplete.
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
    // Without an audit log the author is unknown.
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Reads the configurations and sends an event for each change. */
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

/** The delay in ms before a check starts, so that scrolling through the list checks nothing. */
const DEBOUNCE_MS = 150;

/** Checks a stored configuration and sends the result. Unsubscribing cancels the check. */
export function watchConfigCheck(
  { name, yaml }: SubscriptionOf<'config_check'>,
  { send, workspace }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const timer = setTimeout(async () => {
    const { checkConfigText } = await loadScraperClient();
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

/** Searches a page for suggestions. Unsubscribing cancels the search. */
export function watchSuggestion(
  { id, url, name }: SubscriptionOf<'suggestion'>,
  context: EffectContext,
): Unsubscribe {
  const { workspace, send } = context;
  const controller = new AbortController();
  const { signal } = controller;
  const suggest = async () => {
    const { suggestSelectors } = await loadScraperClient();
    return suggestSelectors({ page: { from: 'url', url }, name, home: workspace.paths.home }, { signal });
  };
  suggest().then(
    (found) => {
      if (!signal.aborted) send({ kind: 'suggested', id, outcome: { ok: true, found } });
    },
    (error: unknown) => {
      if (!signal.aborted) send({ kind: 'suggested', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}

/** Tests a configuration. Unsubscribing ends its process. */
export function watchTestRun(
  { id, params }: SubscriptionOf<'test_run'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  callOperation(workspace, 'test_config', params, { signal }).then(
    (output) => {
      if (!signal.aborted) send({ kind: 'test_run_ended', id, outcome: { ok: true, output } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'test_run_ended', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}

/** Searches a run's page, kept or live, for what its broken selectors held. Unsubscribing cancels the search. */
export function watchRepairs(
  { id, runId, isLive, yaml }: SubscriptionOf<'repairs'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  findRepairs(workspace, runId, { signal, live: isLive, yaml }).then(
    (found) => {
      if (!signal.aborted) send({ kind: 'repairs_found', id, outcome: { ok: true, found } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'repairs_found', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}

/** Writes selectors into a text and leaves all else in it as it is. Unsubscribing cancels it. */
export function watchWrittenSelector(
  { id, name, yaml, changes }: SubscriptionOf<'write_selector'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  const write = async () => {
    const { checkConfigText } = await loadScraperClient();
    const { home } = workspace.paths;
    const checked = await checkConfigText(yaml, `${name}.yaml`, { signal, home, forRun: true, changes });
    return checked.yaml ?? yaml;
  };
  write().then(
    (written) => {
      if (!signal.aborted) send({ kind: 'selector_written', id, outcome: { ok: true, yaml: written } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'selector_written', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}
