import { STATUS_CODES } from 'node:http';
import { redactUrl } from '../lib/redacted-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

const HINTS: Record<number, string> = {
  401: 'The page needs a sign-in: add authentication to the configuration, or the header it expects under headers, with the secret in secrets.env.',
  403: 'The site refuses this request. Check that it may be scraped; a slower pace (delays) or a contact in user_agent may help.',
  404: 'The page is not there. Check the address in the configuration.',
  407: 'A proxy in between asks for a sign-in.',
  410: 'The page is gone for good. Check the address in the configuration.',
  429: 'The site asks for fewer requests: raise delays in the configuration, and run less often.',
  451: 'The site may not show this page here, for legal reasons.',
};

/** An answer that is no page. @param note what more there is to say, such as the tries made */
export function httpError(url: URL, status: number, note = ''): ScrapeError {
  const reason = STATUS_CODES[status];
  const text = `${redactUrl(url)}: HTTP ${status}${reason === undefined ? '' : ` ${reason}`}`;
  return new ScrapeError('http', note === '' ? text : `${text} (${note})`, {
    url: redactUrl(url),
    status,
    hint: HINTS[status] ?? getDefaultHint(status),
  });
}

function getDefaultHint(status: number): string {
  if (status >= 500) return 'The site has an error of its own. Often it passes: run again later.';
  return 'Open the address in a browser to see what the site says.';
}
