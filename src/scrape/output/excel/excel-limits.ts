/** What a sheet can hold (support.microsoft.com, "Excel specifications and limits"). */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;
/** In UTF-16 units. */
export const MAX_CELL_CHARACTERS = 32_767;
export const MAX_SHEET_NAME = 31;

/** A name that a sheet can have: without `[]:*?/\`, quotes at its ends, and what is too long. */
export function toSheetName(name: string, part = 1): string {
  const number = part === 1 ? '' : ` (${part})`;
  const allowed = name
    .replaceAll(/[[\]:*?/\\]|\p{Cc}/gu, '_')
    .slice(0, MAX_SHEET_NAME - number.length)
    .replaceAll(/^'|'$/g, '_');
  // Excel keeps this name for itself.
  return (/^(?:history|\s*)$/i.test(allowed) ? 'items' : allowed) + number;
}

/** `A`, `B`, … `Z`, `AA`: what column `index` (from 0) is called. */
export function toColumnName(index: number): string {
  let name = '';
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}
