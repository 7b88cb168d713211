/** Headers that hold no secret and so go to every host; any other may (a token can stand under any name). */
export const SAFE_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'dnt',
  'pragma',
  'referer',
  'user-agent',
]);
