/**
 * Whether a text is an address, or with a base a relative one. `URL.canParse` refuses hosts such as `müller.example` in
 * Node 20 and 22, once V8 has optimized the function that calls it.
 */
export function canParseUrl(text: string, base?: string): boolean {
  try {
    return new URL(text, base).href !== '';
  } catch {
    return false;
  }
}
