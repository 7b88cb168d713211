/**
 * Returns the field whose name has the same letters with other capitals or separators (`maxRetries`, `Max-Retries`,
 * `max retries`). `undefined` when the name is correct already, or matches no field.
 */
export function correctSpelling<F extends string>(name: string, fields: readonly F[]): F | undefined {
  if ((fields as readonly string[]).includes(name)) return undefined;
  const bare = bareName(name);
  return fields.find((field) => bareName(field) === bare);
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
