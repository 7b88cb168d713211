export const PLACEHOLDER = /\{([a-z_]+)\}/g;

/**
 * Fills in `{name}`. An unknown name stays as it is written. Inserted values are not expanded again.
 * @param escapeValue of the inserted values, for the format that the template is written in
 */
export function fillTemplate(
  template: string,
  fields: Readonly<Record<string, string>>,
  escapeValue: (value: string) => string = (value) => value,
): string {
  return template.replaceAll(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(fields, name) ? escapeValue(fields[name] ?? '') : whole,
  );
}

/** The names that stand in a template. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}
