/**
 * Returns a text that is equal for addresses that lead to the same page, as far as the addresses themselves tell:
 * without scheme, `www.`, default port and fragment, with its query in order, without parameters that follow visitors
 * (`utm_source`) or hold a session (`PHPSESSID`, `;jsessionid=`), and with each character encoded in one way. It is for
 * comparison, not for requests.
 */
export function canonicalUrl(url: URL): string {
  const path = normalizeEncoding(removePathSession(url.pathname));
  const query = canonicalQuery(url.search);
  return `${plainHost(url.hostname)}${getPortSuffix(url)}${path}${query === '' ? '' : `?${query}`}`;
}

/** Returns a host without `www.`. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^www\.(?=[^.]+\.)/, '');
}

/** A site has the same pages at ports 80 and 443. */
function getPortSuffix({ port }: URL): string {
  return port === '' || port === '80' || port === '443' ? '' : `:${port}`;
}

function canonicalQuery(search: string): string {
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [normalizeEncoding(name), normalizeEncoding(value.replaceAll('+', '%20'))];
    })
    .filter(([name, value]) => !isTracking(name) && !isSession(name, value));
  // Values of one name keep their order: it may count.
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** Parameters by which links are counted, of the usual services. */
const TRACKING =
  /^(?:utm_\w+|(?:gcl|dcl|gbra|wbra|fbcl|ttcl|twcl|msclk|yclk?|igsh|li_fat_)id|gbraid|wbraid|yclid|igshid|gclsrc|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|mkt_tok|vero_id|oly_(?:anon|enc)_id|s_cid|pk_\w+|mtm_\w+|matomo_\w+|piwik_\w+)$/i;

function isTracking(name: string): boolean {
  return TRACKING.test(name);
}

/** Names that always hold a session. */
const SESSION_NAME =
  /^(?:php|asp|j)?sess(?:ion)?_?id$|^aspsessionid\w*$|^cf(?:id|token)$|^(?:os|zen)c?(?:s?id|sid)$/i;
/** Names that often do, and mean something else on other sites. */
const POSSIBLE_SESSION_NAME = /^(?:sid|sess|session|ssid|token)$/i;
/** Random letters and digits, and not a number or a word. */
const SESSION_VALUE = /^(?=.*\d)(?=.*[a-z])[\w-]{16,}$/i;

function isSession(name: string, value: string): boolean {
  return SESSION_NAME.test(name) || (POSSIBLE_SESSION_NAME.test(name) && SESSION_VALUE.test(value));
}

/** Random letters and digits that are shorter, as many names of things are. */
const SHORT_RANDOM = /^(?=.*\d)(?=.*[a-z])[\w-]{6,}$/i;

/** Whether a parameter is called as sessions are. */
export function isSessionName(name: string): boolean {
  return SESSION_NAME.test(name) || POSSIBLE_SESSION_NAME.test(name);
}

/** Whether a parameter may hold a session, if its page also looks the same without it. */
export function maySession(name: string, value: string): boolean {
  return isSessionName(name) || SHORT_RANDOM.test(value);
}

/** Servlets put a session after a semicolon, and ASP.NET in a segment of its own: `/(S(…))/`. */
function removePathSession(path: string): string {
  return path
    .replaceAll(/;(?:jsessionid|phpsessid|sessionid|session_id|sid)=[^/;]*/gi, '')
    .replaceAll(/\/\([A-Z]\([\w-]{10,}\)\)(?=\/|$)/gi, '');
}

/** RFC 3986 6.2.2: a character that needs no encoding stands for itself, and hexadecimal digits are capital. */
function normalizeEncoding(text: string): string {
  return text.replaceAll(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : code.toUpperCase();
  });
}
