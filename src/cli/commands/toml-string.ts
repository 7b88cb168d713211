/** A text as a basic string of TOML 1.0: JSON's escapes, and DEL, are allowed there too. */
export function toTomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F');
}
