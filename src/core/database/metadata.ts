/** What can be asked for rows and given them: our database, or a test's. */
export interface MetadataStore {
  get<T>(sql: string, params: readonly string[]): T | undefined;
  run(sql: string, params: readonly string[]): unknown;
}

/** A single value that the database keeps under a name; `undefined` when it has none. */
export function readMetadata(db: Pick<MetadataStore, 'get'>, name: string): string | undefined {
  return db.get<{ value: string }>('SELECT value FROM facts WHERE name = ?', [name])?.value;
}

export function writeMetadata(db: Pick<MetadataStore, 'run'>, name: string, value: string): void {
  db.run('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', [name, value]);
}
