/** What XML 1.0 cannot hold; tab and line feed can stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** What Excel reads as an escaped character: `_x0041_` would become `A`. */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const CHARACTERS = Object.fromEntries(Object.entries(ENTITIES).map(([sign, entity]) => [entity, sign]));

/** A text as it is to be read from a cell, without its control characters: a line end is a line feed in Excel. */
export function sanitizeCellText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(FORBIDDEN, '');
}

/** A text of a cell as XML. */
export function escapeCellText(text: string): string {
  return escapeXml(text.replaceAll(ESCAPE, '_x005F_'));
}

/** The text of a cell that {@link escapeCellText} wrote. */
export function parseCellText(source: string): string {
  return unescapeXml(source).replaceAll('_x005F_', '_');
}

/** The text that {@link escapeXml} wrote. */
export function unescapeXml(source: string): string {
  return source.replaceAll(/&(?:amp|lt|gt|quot);/g, (entity) => CHARACTERS[entity] ?? entity);
}

/** A text as XML, also between quotes. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}
