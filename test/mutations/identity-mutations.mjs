import { mutation } from './mutation.mjs';

const cookies = 'test/scrape/attempt/saved-cookies.test.ts';
const pages = 'test/scrape/http/cache/page-cache.test.ts';
const between = 'test/scrape/attempt/session-state.slow.test.ts';

/** Cookies and pages that a job keeps between its runs: their identity, and that they spoil no run. */
export const IDENTITY_MUTATIONS = [
  mutation(
    'saved cookies are used only for the identity that received them',
    ['readCookies', 'if (kept.identity !== hashIdentity(identity, kept.salt)) {', 'if (false) {'],
    [cookies, 'are not used for %s'],
  ),
  mutation(
    'a run that the site refused saves no cookies',
    ['closeCookies', 'if (!SERVING_FAILURES.includes(kind)) return', 'return'],
    [between, 'hands on no cookies when the site did not answer as it should: %s'],
  ),
  mutation(
    'a kept page with Vary: Cookie is for the same cookies',
    ['PageCache.#store', "hasVaryCookie(headers) ? digest(request.cookie) : ''", "''"],
    [pages, 'a page that depends on the cookie is reused only with the same cookie'],
  ),
  mutation(
    'a cached page is for the headers of its request',
    ['cacheKey', '[address, sent, byCookies', '[address, byCookies'],
    [pages, 'a signed-in user’s page is not reused for another user, even when the site does not ask for it'],
  ),
  mutation(
    'after a sign-in by form a kept page is for the same cookies',
    ['cacheKey', 'byCookies ? cookie : null', 'null'],
    [
      'test/scrape/http/cache/cache-rules.test.ts',
      'is kept under another name for another address, headers or identifying cookies',
    ],
  ),
  mutation(
    'a 304 for another version is ignored',
    ['PageCache.#reuse', 'if (!isSameVersion(cached.headers, answer.headers)) {', 'if (false) {'],
    [pages, 'a 304 for another version is asked once more, in full'],
  ),
];
