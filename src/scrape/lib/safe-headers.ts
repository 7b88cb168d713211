/** Headers that contain no secret and so go to every host. Any other header may contain a token. */
export const SAFE_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'dnt',
  'pragma',
  'referer',
  'user-agent',
]);
