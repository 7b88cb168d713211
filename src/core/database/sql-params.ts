/** A value that SQLite takes or gives in our tables. */
export type SqlValue = string | number | null;
/** What fills the places of a statement: in order, or by name. */
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
