import type { BrowserContext } from 'playwright-core';
import type { RunCookies } from '../http/run-cookies.ts';

type BrowserCookieParameter = Parameters<BrowserContext['addCookies']>[0][number];

const SAME_SITE: Readonly<Record<string, 'Strict' | 'Lax' | 'None'>> = {
  strict: 'Strict',
  lax: 'Lax',
  none: 'None',
};

/** Gives the browser the run's cookies: the page was fetched with them, and its scripts go on with them. */
export async function copyCookiesToBrowser(cookies: RunCookies, context: BrowserContext): Promise<void> {
  const parameters = cookies.all().flatMap((cookie): BrowserCookieParameter[] => {
    const { key, value, domain, hostOnly, path, expires, httpOnly, secure, sameSite } = cookie;
    if (domain === null) return [];
    const until = expires instanceof Date ? expires.getTime() / 1000 : -1;
    const site = SAME_SITE[sameSite ?? ''];
    return [
      {
        name: key,
        value,
        domain: hostOnly === false ? `.${domain}` : domain,
        path: path ?? '/',
        expires: until,
        httpOnly,
        secure,
        ...(site !== undefined && { sameSite: site }),
      },
    ];
  });
  if (parameters.length === 0) return;
  await context.addCookies(parameters).catch(async () => {
    // One that the browser does not take is no reason to go without the others.
    for (const one of parameters) await context.addCookies([one]).catch(() => undefined);
  });
}

/** Takes the browser's cookies back, those that scripts have made among them. */
export async function copyCookiesFromBrowser(cookies: RunCookies, context: BrowserContext): Promise<void> {
  for (const cookie of await context.cookies().catch(() => [])) cookies.put(cookie);
}
