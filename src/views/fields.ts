/** A JSON object from the host or the server. Its values are hostile: they come from web pages. */
export type Fields = Record<string, unknown>;

/** The value as an object; any other value as one without fields. */
export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value as a list of objects; any other value as an empty one. */
export function asList(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields) : [];
}

/** The value as a text: any value but a text, a number or a boolean as an empty one. */
export function asText(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}
