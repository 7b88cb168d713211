/** What the original's guide names and this version cannot do: a clear word instead of "unknown". */
interface NotYet {
  message: string;
  hint: string;
}

const BROWSER: NotYet = {
  message: 'needs a browser, which is not available yet',
  hint: 'Pages that fill themselves by script often load their data from an address that can be fetched directly.',
};

const KEYS: Readonly<Record<string, NotYet>> = {
  authentication: {
    message: 'authentication is not available yet',
    hint: `Where a token is enough, send it: headers: {Authorization: "Bearer \${TOKEN}"}.`,
  },
  wait_for: BROWSER,
  max_clicks: BROWSER,
  proxy: { message: 'proxy is not available yet', hint: 'Remove the key.' },
  sitemap: { message: 'sitemap is not available yet', hint: 'List the pages under "urls".' },
  selector_descriptions: {
    message: 'selector_descriptions is not used',
    hint: 'Keep the descriptions as comments (#).',
  },
};

const VALUES: Readonly<Record<string, Readonly<Record<string, NotYet>>>> = {
  'pagination.type': { load_more: BROWSER, infinite_scroll: BROWSER },
  backend: { playwright: BROWSER, browser: BROWSER, selenium: BROWSER },
};

export function keyNotYet(key: string): NotYet | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

export function valueNotYet(path: string, value: unknown): NotYet | undefined {
  const values = Object.hasOwn(VALUES, path) ? VALUES[path] : undefined;
  if (values === undefined || typeof value !== 'string' || !Object.hasOwn(values, value)) return undefined;
  const known = values[value];
  return known?.message.startsWith('needs') ? { ...known, message: `${value} ${known.message}` } : known;
}
