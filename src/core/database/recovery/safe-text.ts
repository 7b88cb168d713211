import { isUtf8 } from 'node:buffer';
import type Libsql from 'libsql';
import { query } from '../connection.ts';

export type Row = Record<string, unknown>;

/**
 * SQL for a table's columns whose texts come as bytes. libsql ends the whole process when a text is not UTF-8, which a
 * single wrong byte on the disk makes it: what may be damaged is only read in this way.
 */
export function columnsAsBytes(columns: readonly string[]): string {
  return columns.map((name) => `${asBytes(name)} AS ${name}`).join(', ');
}

function asBytes(expression: string): string {
  return `CASE typeof(${expression}) WHEN 'text' THEN CAST(${expression} AS BLOB) ELSE ${expression} END`;
}

/** A row with its bytes as texts again; where they are not UTF-8, U+FFFD stands for what is wrong. */
export function withTexts(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toText(value)]));
}

/** Whether all texts of a row that was read as bytes are UTF-8. */
export function isTextValid(row: Row): boolean {
  return Object.values(row).every(
    (value) => bytesOf(value) === undefined || isUtf8(bytesOf(value) ?? Buffer.alloc(0)),
  );
}

/** The first column of a query, as texts. */
export function texts(connection: Libsql.Database, expression: string, from: string): string[] {
  return query<Row>(connection, `SELECT ${asBytes(expression)} AS said FROM ${from}`).map(({ said }) =>
    String(toText(said)),
  );
}

function toText(value: unknown): unknown {
  return bytesOf(value)?.toString('utf8') ?? value;
}

function bytesOf(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : undefined;
}
