import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { ConfigRow } from '../configs/config-row.ts';
import { summarizeConfig } from '../configs/config-summary.ts';
import type { Author } from '../home/home-data.ts';

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
