import type { FormSignIn } from '../config/authentication.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import type { Conceal } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { hasPasswordInput } from './login-form.ts';
import { type SignInFetcher, toPage } from './sign-in.ts';
import { findMarker } from './success-marker.ts';

/**
 * Whether one is signed in from before: what comes in place of the form does not ask for the password, and has the mark
 * (success_selector), or without a mark stands elsewhere.
 * @throws ScrapeError when the site cannot be reached
 */
export async function isSessionValid(
  fetcher: SignInFetcher,
  options: FormSignIn,
  signal: AbortSignal,
  conceal: Conceal | undefined,
): Promise<boolean> {
  try {
    const page = toPage(await fetcher.get(options.login_url, { signal, ignoreRobots: true }), conceal);
    if (hasPasswordInput(page, options)) return false;
    const { success_selector: marker } = options;
    return marker === undefined
      ? !isSamePage(getOriginalUrl(page), options.login_url)
      : findMarker(page, marker) !== undefined;
  } catch (error) {
    // Old cookies may be what it is refused for.
    if (error instanceof ScrapeError && ['http', 'redirect'].includes(error.kind)) return false;
    throw error;
  }
}

/** Whatever the query is: `/login?next=…` is the form's page. */
export function isSamePage(a: string, b: string): boolean {
  const [one, other] = [new URL(a), new URL(b)];
  return one.host === other.host && one.pathname === other.pathname;
}
