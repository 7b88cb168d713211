export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One row: its fields in the configuration's order. */
export type Item = Record<string, JsonValue>;
