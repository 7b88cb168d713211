import { findConfigUrls } from './config-urls.ts';
import { type Finding, formatPath, type Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** An address with a password that is no variable. */
interface WrittenPassword {
  path: Path;
  password: string;
}

/** Passwords that stand in addresses themselves; they are kept out of messages and logs as those of variables are. */
export function getUrlPasswords(raw: Tree): Record<string, string> {
  return Object.fromEntries(
    findPasswords(raw).map(({ path, password }) => [`password in ${formatPath(path)}`, password]),
  );
}

/** A warning for each address with a password that stands in the configuration itself. */
export function warnUrlPasswords(raw: Tree): Finding[] {
  return findPasswords(raw).map(({ path }) => {
    const name = path[0] === 'proxy' ? 'PROXY_PASSWORD' : 'SITE_PASSWORD';
    const hint = `Put it into secrets.env of the home, ${name}=…, and write $\{${name}} here.`;
    return { path, message: 'the password stands in the configuration itself', hint };
  });
}

function findPasswords(raw: Tree): WrittenPassword[] {
  return findConfigUrls(raw).flatMap(({ path, text }) => {
    const password = getPassword(text);
    return password === undefined ? [] : [{ path, password }];
  });
}

/** Read from the text: an address with a variable in it may be none yet. */
function getPassword(address: string): string | undefined {
  const password = /^\s*[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:([^/?#]+)@/i.exec(address)?.[1];
  return password === undefined || /\$\{[A-Za-z_]/.test(password) ? undefined : password;
}
