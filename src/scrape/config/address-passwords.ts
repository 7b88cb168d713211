import { type Finding, formatPath, type Path } from './place.ts';

type Tree = Readonly<Record<string, unknown>>;

/** An address with a password that is no variable. */
interface WrittenPassword {
  path: Path;
  password: string;
}

/** Passwords that stand in addresses themselves; they are kept out of messages and logs as those of variables are. */
export function addressPasswords(raw: Tree): Record<string, string> {
  return Object.fromEntries(
    writtenIn(raw).map(({ path, password }) => [`password in ${formatPath(path)}`, password]),
  );
}

/** A warning for each address with a password that stands in the configuration itself. */
export function adviseAddresses(raw: Tree): Finding[] {
  return writtenIn(raw).map(({ path }) => {
    const name = path[0] === 'proxy' ? 'PROXY_PASSWORD' : 'SITE_PASSWORD';
    const hint = `Put it into secrets.env of the home, ${name}=…, and write $\{${name}} here.`;
    return { path, message: 'the password stands in the configuration itself', hint };
  });
}

function writtenIn(raw: Tree): WrittenPassword[] {
  const urls = Array.isArray(raw['urls']) ? raw['urls'] : [];
  const places: readonly (readonly [Path, unknown])[] = [
    [['url'], raw['url']],
    ...urls.map((url: unknown, n) => [['urls', n], url] as const),
    [['sitemap'], raw['sitemap']],
    [['sitemap', 'url'], within(raw['sitemap'], 'url')],
    [['pagination', 'url_template'], within(raw['pagination'], 'url_template')],
    [['authentication', 'login_url'], within(raw['authentication'], 'login_url')],
    [['proxy'], raw['proxy']],
  ];
  return places.flatMap(([path, address]) => {
    const password = typeof address === 'string' ? passwordOf(address) : undefined;
    return password === undefined ? [] : [{ path, password }];
  });
}

/** Read from the text: an address with a variable in it may be none yet. */
function passwordOf(address: string): string | undefined {
  const password = /^\s*[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:([^/?#]+)@/i.exec(address)?.[1];
  return password === undefined || /\$\{[A-Za-z_]/.test(password) ? undefined : password;
}

function within(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Tree)[key] : undefined;
}
