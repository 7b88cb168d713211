import { mutation } from './mutation.mjs';

const cookies = 'test/scrape/attempt/saved-cookies.test.ts';
const pages = 'test/scrape/http/cache/page-cache.test.ts';
const between = 'test/scrape/attempt/session-state.slow.test.ts';

/** Guards of what a job keeps between its runs: for whom it is, and that it spoils none of them. */
export const IDENTITY_MUTATIONS = [
  mutation(
    'kept cookies are used for those alone who got them',
    ['loadCookies', 'if (kept.identity !== hashIdentity(identity, kept.salt)) {', 'if (false) {'],
    [cookies, 'are not used for %s'],
  ),
  mutation(
    'a run that was not served hands on no cookies',
    ['closeCookies', 'if (!SERVING_FAILURES.includes(kind)) return', 'return'],
    [between, 'are no cookies when the site did not give what it should: %s'],
  ),
  mutation(
    'a kept page with Vary: Cookie is for the same cookies',
    ['PageCache.#store', "hasVaryCookie(headers) ? digest(request.cookie) : ''", "''"],
    [pages, 'a page that depends on the cookie is for those alone who bring the same'],
  ),
  mutation(
    'a kept page is for the headers that it was got with',
    ['cacheKey', '[address, sent, byCookies', '[address, byCookies'],
    [
      pages,
      'a page of somebody who has signed in is not taken for another one, also where the site does not say so',
    ],
  ),
  mutation(
    'after a sign-in by form a kept page is for the same cookies',
    ['cacheKey', 'byCookies ? cookie : null', 'null'],
    [
      'test/scrape/http/cache/cache-rules.test.ts',
      'is kept under another name for another address, headers, or cookies that say who asks',
    ],
  ),
  mutation(
    'a 304 for another version is not believed',
    ['PageCache.#reuse', 'if (!isSameVersion(cached.headers, answer.headers)) {', 'if (false) {'],
    [pages, 'a 304 for another version is asked once more, in full'],
  ),
];
