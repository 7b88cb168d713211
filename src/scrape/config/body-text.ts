const MARKUP_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Returns how a value is written into a text that is sent, so that it cannot change the text's structure: as a part of a
 * string of JSON, of XML, or of a form. In any other text it stays as it is.
 * @param text what the value is put into, as written
 */
export function bodyEscape(text: string): (value: string) => string {
  if (/^\s*[[{]/.test(text)) return escapeForJson;
  if (/^\s*</.test(text))
    return (value) => value.replaceAll(/[&<>"']/g, (sign) => MARKUP_ENTITIES[sign] ?? '');
  return /^[^\s=&]+=/.test(text) ? encodeForUrl : (value) => value;
}

/** As the inside of a string. */
export function escapeForJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Encodes all that `encodeURIComponent` does, and the quotes and brackets that it leaves. */
export function encodeForUrl(value: string | number | boolean): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
