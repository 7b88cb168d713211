/** The database access that metadata needs: the real database, or a test double. */
export interface MetadataStore {
  get<T>(sql: string, params: readonly string[]): T | undefined;
  run(sql: string, params: readonly string[]): unknown;
}

/** Reads a single value that the database stores under a name; `undefined` when there is none. */
export function readMetadata(db: Pick<MetadataStore, 'get'>, name: string): string | undefined {
  return db.get<{ value: string }>('SELECT value FROM facts WHERE name = ?', [name])?.value;
}

export function writeMetadata(db: Pick<MetadataStore, 'run'>, name: string, value: string): void {
  db.run('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', [name, value]);
}
