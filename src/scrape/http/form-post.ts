import { redactUrl } from '../lib/redacted-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** A form that is sent by POST. */
export interface FormPost {
  url: string;
  /** `application/x-www-form-urlencoded` */
  body: string;
  /** The page that it stands on. */
  referer: string;
}

/** What a browser sends with a form; sites hold Origin and Referer against forged ones. */
export function createFormHeaders({ url, referer }: FormPost): Record<string, string> {
  const from = new URL(referer);
  return {
    'content-type': 'application/x-www-form-urlencoded',
    origin: from.origin,
    // The browsers' usual policy, strict-origin-when-cross-origin.
    referer:
      from.origin === new URL(url).origin ? from.origin + from.pathname + from.search : `${from.origin}/`,
  };
}

/** 307 and 308 want the form, password and all, at another address. */
export function refuseFormResendError(url: URL, target: URL): ScrapeError {
  const message = `${redactUrl(url)} asks to send the form once more, to ${redactUrl(target)}`;
  return new ScrapeError('redirect', message, {
    url: redactUrl(url),
    hint: 'Set login_url to the address that it leads to.',
  });
}
