/**
 * The field that another spelling of its name means: the same letters with other capitals or separators (`maxRetries`,
 * `Max-Retries`, `max retries`). `undefined` when the name is right already, or no field's.
 */
export function correctSpelling<F extends string>(name: string, fields: readonly F[]): F | undefined {
  if ((fields as readonly string[]).includes(name)) return undefined;
  const bare = bareName(name);
  return fields.find((field) => bareName(field) === bare);
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
