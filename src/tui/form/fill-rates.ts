/** `price 95` */
const PART = /^(\S.*?)\s+(\d+(?:\.\d+)?)$/;

/** Percentages by field as text: `price 95, title 100`, or as JSON where that would not be read as the same. */
export function formatFillRates(percents: object): string {
  const entries = Object.entries(percents);
  const plain = entries.map(([field, percent]) => `${field} ${percent}`).join(', ');
  const json = JSON.stringify(percents);
  return entries.length > 0 && JSON.stringify(parseFillRates(plain)) === json ? plain : json;
}

/** What such a text means; what cannot be read stays a text, for the job's schema to refuse. */
export function parseFillRates(text: string): unknown {
  if (text.trimStart().startsWith('{')) return tryParseJson(text);
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => PART.exec(part));
  if (parts.some((part) => part === null)) return text;
  return Object.fromEntries(parts.map((part) => [part?.[1] ?? '', Number(part?.[2])]));
}

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
