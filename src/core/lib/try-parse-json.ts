/** Parses a JSON text of the database; `undefined` when it is damaged, so that its row can still be read. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
