import { isAlias, isMap, isPair, isScalar, type Node, parseDocument, type Scalar, visit } from 'yaml';
import { QuickscrapeError } from '../lib/errors.ts';

/** A secret that stands in the text of a configuration itself, and not in a variable. */
export interface WrittenSecret {
  /** Its place: `authentication.password`, `headers.Authorization`, `proxy`. */
  path: string;
  value: string;
  /** Where it is written, in characters: with its quotes, except inside of an address. */
  start: number;
  end: number;
}

/** A secret of a stored text that another text takes over without saying it. */
export type KeptSecret = Pick<WrittenSecret, 'path' | 'value'>;

/** Headers that sign in nowhere; any other may. */
const HARMLESS_HEADER =
  /^(?:accept(?:-(?:charset|encoding|language))?|user-agent|referer|origin|host|cache-control|pragma|dnt|upgrade-insecure-requests|sec-.*|x-requested-with|content-(?:type|length)|range|if-.*|priority|te|save-data|connection|keep-alive|proxy-connection|via|expect)$/i;
const SECRET_FIELD = /pass|pwd|pin|secret|token|key|code/i;
/** Fields of a form that say who signs in, and where to. */
const HARMLESS_FIELD = /user|name|mail|login|lang|locale|remember|submit|action|next|redirect|return/i;
/** A secret in the query of an address. */
const QUERY =
  /[?&](?:api[-_]?key|(?:access|auth)[-_]?(?:token|key)|token|secret|passw(?:or)?d|pwd|sig(?:nature)?)=([^&#\s"'{}$]+)/gi;
/** A line that seems to hold a secret, for a text that is no YAML. */
const LINE =
  /^[ \t]*["']?((?:[\w-]*(?:passw|secret|token|authorization|cookie|api[-_]?key)[\w-]*|pin|pwd))["']?[ \t]*:[ \t]+(\S.*?)[ \t]*$/gim;
/** The part before the @ of an address; the password may hold an @ itself. */
const USER_INFO = /\b[a-z][a-z0-9+.-]*:\/\/([^\s/?#]+)@/gi;
const BARE_USER_INFO = /^["']?([^\s"'/?#]+)@/g;
/** Parsing a long list of addresses takes a second. */
const MAY_HAVE_SECRETS =
  /@|authentication|headers|request|\\|[?&][\w-]*(?:key|token|secret|pass|pwd|sig)[\w-]*=/i;
const REFERENCE = /\$\{[A-Za-z_]/;
const MARK = /__CONCEALED_\w+?__/g;

/**
 * Finds the secrets that a person wrote into a configuration: passwords of a sign-in, headers that may sign in, and
 * passwords and keys in addresses. A value with a variable in it is none.
 */
export function findWrittenSecrets(yaml: string): WrittenSecret[] {
  if (!MAY_HAVE_SECRETS.test(yaml)) return [];
  const document = parseDocument(yaml, { uniqueKeys: false, logLevel: 'silent' });
  const found = new Map<number, WrittenSecret>();
  const add = (secret: WrittenSecret) => {
    const isSecret = secret.value !== '' && !REFERENCE.test(secret.value) && !/^\{\w+\}$/.test(secret.value);
    if (isSecret && !found.has(secret.start)) found.set(secret.start, secret);
  };
  const addValue = (keys: readonly string[], node: unknown) => {
    const value = isAlias(node) ? node.resolve(document) : node;
    const place = keys.filter((key) => key !== '<<');
    if (isScalar(value) && isSecretPlace(place)) add(toSecret(yaml, place.join('.'), value));
    // Without its anchor, an alias is a text that wants quotes.
    else if (isAlias(node) && value === undefined && isSecretPlace(place))
      add(toSecret(yaml, place.join('.'), { range: node.range ?? null, value: `*${node.source}` }));
    else if (isAlias(node) && isMap(value))
      for (const pair of value.items)
        if (isScalar(pair.key)) addValue([...place, String(pair.key.value)], pair.value);
  };
  visit(document, {
    Pair(_, pair, ancestors) {
      const keys = [...ancestors.filter(isPair), pair].map(({ key }) =>
        isScalar(key) ? String(key.value) : '?',
      );
      addValue(keys, pair.value);
    },
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !/[@=]/.test(node.value)) return;
      const keys = ancestors
        .filter(isPair)
        .map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '?'));
      for (const secret of findInAddress(yaml, keys.join('.'), node)) add(secret);
    },
  });
  if (document.errors.length > 0) for (const secret of findInLines(yaml)) add(secret);
  return [...found.values()]
    .sort((a, b) => a.start - b.start)
    .filter((one, at, all) => one.start >= (all[at - 1]?.end ?? 0));
}

/** Names of a request's values that are secret. Fields of a search may be named key or code. */
const SECRET_VALUE = /passw|pwd|secret|token|api[-_]?key|authorization/i;

/** Whether a value of a request is secret by its name. A value that is filled in for each page is not. */
export function isSecretValue(name: string, value: unknown): boolean {
  return SECRET_VALUE.test(name) && value !== null && !/^\{\w+\}$/.test(String(value));
}

function isSecretInRequest([second = '', third = '', ...deeper]: readonly string[]): boolean {
  if (second === 'headers') return third !== '' && deeper.length === 0 && !HARMLESS_HEADER.test(third);
  const name = [third, ...deeper].at(-1) ?? '';
  return ['json', 'form', 'graphql'].includes(second) && SECRET_VALUE.test(name);
}

function isSecretPlace([first, second = '', third, ...deeper]: readonly string[]): boolean {
  if (first === 'request') return isSecretInRequest([second, third ?? '', ...deeper]);
  if (first === 'headers') return second !== '' && third === undefined && !HARMLESS_HEADER.test(second);
  if (first !== 'authentication') return false;
  if (second !== 'fields' || third === undefined) return second === 'password';
  return SECRET_FIELD.test(third) || !HARMLESS_FIELD.test(third);
}

function toSecret(yaml: string, path: string, node: Pick<Scalar, 'range' | 'value'>): WrittenSecret {
  const [start, end] = rangeOf(yaml, node);
  return { path, value: node.value === null ? '' : String(node.value), start, end };
}

function findInAddress(yaml: string, path: string, node: Node): WrittenSecret[] {
  const [from, to] = rangeOf(yaml, node);
  const text = yaml.slice(from, to);
  const pattern = path === 'proxy' && !text.includes('://') ? BARE_USER_INFO : USER_INFO;
  const inQuery = [...(text.includes('://') ? text.matchAll(QUERY) : [])].map((match) => {
    const [whole, value = ''] = match;
    const end = from + match.index + whole.length;
    return { path, value, start: end - value.length, end };
  });
  const inUserInfo = [...text.matchAll(pattern)].map((match) => {
    const [whole, info = ''] = match;
    const colon = info.indexOf(':');
    const value = info.slice(colon + 1);
    const end = from + match.index + whole.length - 1;
    return { path, value, start: end - value.length, end };
  });
  return [...inUserInfo, ...inQuery];
}

function findInLines(yaml: string): WrittenSecret[] {
  return [...yaml.matchAll(LINE)].map((match) => {
    const [whole, path = '', value = ''] = match;
    const end = match.index + whole.trimEnd().length;
    return { path, value, start: end - value.length, end };
  });
}

function rangeOf(yaml: string, node: Pick<Node, 'range'>): [start: number, end: number] {
  const [start, end] = node.range ?? [0, 0];
  return [start, start + yaml.slice(start, end).trimEnd().length];
}

/** The beginning of the names of written secrets among the variables of a run; a variable may not be called so. */
export const WRITTEN_NAME = 'CONCEALED_';
/** Shorter values are in many texts. */
const MIN_WRITTEN_LENGTH = 8;
/** Headers that are a credential by their name. */
const CREDENTIAL_HEADER =
  /^(?:(?:proxy-)?authorization|cookie|x-(?:[\w-]+-)?(?:api-?key|token|secret)|api-?key|(?:[\w-]+-)?auth-token|token)$/i;
/** The value of a cookie that is an id, and no word such as `accepted`. */
const COOKIE_ID = /\d|[a-z].*[A-Z]|.{16}/;

/** Whether a header is a credential by its name, whichever value it has. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADER.test(name);
}

/**
 * The secrets that are written in a configuration and that a page may say again, by a name that stands for each, as
 * variables have one: passwords in addresses and of a sign-in, and headers that are a credential by their name. Other
 * headers and short values are left out, since they are in many pages.
 */
export function getWrittenValues(yaml: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { path, value } of findWrittenSecrets(yaml)) {
    const base = `${WRITTEN_NAME}${path.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')}`;
    for (const text of listSaid(path, value)) {
      if (text.length < MIN_WRITTEN_LENGTH || Object.values(values).includes(text)) continue;
      let name = base;
      for (let number = 2; Object.hasOwn(values, name); number += 1) name = `${base}_${number}`;
      values[name] = text;
    }
  }
  return values;
}

/** What is secret in a value: of a header the part after `Bearer`, of a cookie its ids. A page may say it alone. */
function listSaid(path: string, value: string): string[] {
  const [first, header = ''] = path.replace(/^request\.(?=headers\.)/, '').split('.');
  if (first !== 'headers') return [value];
  if (!isCredentialHeader(header)) return [];
  if (/^cookie$/i.test(header))
    return value
      .split(/;\s*/)
      .map((part) => part.slice(part.indexOf('=') + 1))
      .filter((part) => COOKIE_ID.test(part));
  const [, scheme = '', token = value] = /^(\w+) +(\S+)$/.exec(value) ?? [];
  const pair = /^basic$/i.test(scheme) ? Buffer.from(token, 'base64').toString() : '';
  return [token, pair.slice(pair.indexOf(':') + 1)];
}

interface MarkedSecret extends WrittenSecret {
  mark: string;
}

/** The secrets, each with the mark that stands for it. */
function markSecrets(yaml: string): MarkedSecret[] {
  const known = new Map<string, number>();
  return findWrittenSecrets(yaml).map((secret) => {
    const id = secret.path.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '');
    const count = (known.get(id) ?? 0) + 1;
    known.set(id, count);
    return { ...secret, mark: `__CONCEALED_${id}${count === 1 ? '' : `_${count}`}__` };
  });
}

/**
 * Replaces the secrets that are written in a configuration by marks, for an answer to a client. All else stays, so that
 * {@link restoreWrittenSecrets} gives the same text.
 */
export function concealWrittenSecrets(yaml: string): string {
  return replaceRanges(
    yaml,
    markSecrets(yaml).map(({ start, end, mark }) => ({ start, end, text: mark })),
  );
}

/**
 * Puts the secrets of the stored text back in place of their marks. A mark stands only where its secret is written:
 * elsewhere it could be sent to another site, or come into rows.
 * @param stored the text of the configuration that is saved or tested; `undefined` if there is none
 * @returns also the secrets that came back
 * @throws QuickscrapeError `invalid_params` for a mark whose secret the stored text does not have, or has elsewhere; for an
 *   alias (`*name`) of a secret where the stored text has none: it would put the secret into another key
 */
export function restoreWrittenSecrets(
  yaml: string,
  stored: string | undefined,
): { yaml: string; kept: KeptSecret[] } {
  const marks = yaml.match(MARK) ?? [];
  if (marks.length === 0) return { yaml, kept: [] };
  const known = new Map(markSecrets(stored ?? '').map((secret) => [secret.mark, secret]));
  const back = findWrittenSecrets(yaml).flatMap(({ path, value, start, end }) => {
    const secret = known.get(value);
    if (secret?.path !== path) return [];
    const text = (stored ?? '').slice(secret.start, secret.end);
    return [{ start, end, text, mark: value, path, value: secret.value }];
  });
  const wrong = marks.find(
    (mark) => marks.filter((one) => one === mark).length !== back.filter((one) => one.mark === mark).length,
  );
  if (wrong !== undefined) throw wrongMarkError(wrong, known.get(wrong)?.path);
  const alias = findNewAlias(yaml, stored ?? '');
  if (alias !== undefined) throw aliasError(alias);
  return { yaml: replaceRanges(yaml, back), kept: back.map(({ path, value }) => ({ path, value })) };
}

/** @throws QuickscrapeError `invalid_params` for changes with a mark */
export function refuseMarks(changes: Readonly<Record<string, unknown>>): void {
  const [mark] = JSON.stringify(changes).match(MARK) ?? [];
  if (mark === undefined) return;
  throw new QuickscrapeError('invalid_params', `changes: ${mark} stands for a value that is not shown`, {
    field: 'changes',
    hint: 'Leave its key out: what changes do not name stays as it is.',
  });
}

/** The secrets of a text that stay while these keys of it get new values. */
export function keepSecrets(yaml: string, changed: readonly string[]): KeptSecret[] {
  return findWrittenSecrets(yaml).filter(
    ({ path }) => !changed.some((key) => path === key || path.startsWith(`${key}.`)),
  );
}

/** Whether a text has the mark of a secret, which it does not hold itself. */
export function hasMarks(yaml: string): boolean {
  return yaml.search(MARK) >= 0;
}

/** An alias through which another key has a secret. */
interface SecretAlias {
  name: string;
  /** The key that has it: `dedupe`. */
  path: string;
  /** The place of the secret. */
  of: string;
}

function listAliases(yaml: string): SecretAlias[] {
  if (!yaml.includes('*')) return [];
  const secrets = findWrittenSecrets(yaml);
  const document = parseDocument(yaml, { uniqueKeys: false, logLevel: 'silent' });
  const found: SecretAlias[] = [];
  visit(document, {
    Alias(_, node, ancestors) {
      const pairs = ancestors.filter(isPair);
      const path = pairs.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '?')).join('.');
      const [from, to] = node.resolve(document)?.range ?? [0, 0];
      for (const { path: of, start, end } of secrets)
        if (from <= start && end <= to) found.push({ name: node.source, path, of });
    },
  });
  return found;
}

/** The first alias of a secret that the stored text lacks at this place. */
function findNewAlias(yaml: string, stored: string): SecretAlias | undefined {
  const known = listAliases(stored).map(({ path, of }) => `${path} ${of}`);
  return listAliases(yaml).find(({ path, of }) => {
    const at = known.indexOf(`${path} ${of}`);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

function aliasError({ name, path, of }: SecretAlias): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `yaml: ${path.slice(0, 60)}: *${name.slice(0, 60)} stands for the value of ${of}, which is not shown`,
    { field: 'yaml', hint: 'Leave the alias out: the value stays at its own key.' },
  );
}

function wrongMarkError(mark: string, path: string | undefined): QuickscrapeError {
  const problem =
    path === undefined
      ? 'stands for a value that the stored configuration does not have'
      : `stands for the value of ${path}, and may stand only there, once`;
  return new QuickscrapeError('invalid_params', `yaml: ${mark} ${problem}`, {
    field: 'yaml',
    hint: `Such a mark is what get_config shows in place of a written password, and save_config takes it back under the same config_name. For another value write $\{NAME}, which the person sets in secrets.env.`,
  });
}

function replaceRanges(
  text: string,
  ranges: readonly { start: number; end: number; text: string }[],
): string {
  let result = '';
  let at = 0;
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, range.start) + range.text;
    at = range.end;
  }
  return result + text.slice(at);
}
