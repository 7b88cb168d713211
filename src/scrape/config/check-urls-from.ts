import { asRecord, isRecord } from '../../core/lib/json.ts';
import type { Finding, Path } from './issue-location.ts';
import { findNearestName } from './nearest-name.ts';
import { MAX_START_URLS, placeholdersIn } from './urls-from.ts';
import { hostPart } from './variables.ts';

type Tree = Readonly<Record<string, unknown>>;

const PATH: Path = ['urls_from'];

/**
 * Checks what belongs to `urls_from`. It reads the raw map, because the rules apply even if other parts are invalid.
 */
export function checkUrlsFrom(raw: Tree): Finding[] {
  const { urls_from: source } = raw;
  if (source === undefined) return [];
  const findings: Finding[] = [];
  const other = ['url', 'urls', 'sitemap'].find((key) => Object.hasOwn(raw, key));
  if (other !== undefined)
    findings.push({
      path: PATH,
      part: 'key',
      message: `${other} and urls_from are both given`,
      hint: hintForOther(raw[other], source),
    });
  if (asRecord(raw['pagination'])['type'] === 'page_number')
    findings.push({
      path: ['pagination', 'type'],
      message: 'page_number fetches the addresses of url_template, and not those of urls_from',
      hint: 'Remove pagination; a template makes numbered addresses: urls_from: {template: "https://shop.example/{page}", values: {page: {from: 1, to: 9}}}',
    });
  if (raw['crawl'] !== undefined && asRecord(source)['job'] !== undefined)
    findings.push({
      path: ['crawl'],
      part: 'key',
      message: 'a crawl does not begin at the addresses of another job, which may be of any host',
      hint: 'Remove crawl, or write the addresses of the sites themselves.',
    });
  if (mixesFileAndTemplate(source)) return [...findings, fileAndTemplate(source)];
  return [...findings, ...checkTemplate(asRecord(source))];
}

/** Whether a map has the keys of both, although the file of a template belongs to its values. */
export function mixesFileAndTemplate(source: unknown): source is Tree {
  return isRecord(source) && source['file'] !== undefined && source['template'] !== undefined;
}

function fileAndTemplate({ template, file, field }: Tree): Finding {
  const [name = 'id'] = placeholdersIn(String(template));
  const source = field === undefined ? file : `{file: ${file}, field: ${field}}`;
  return {
    path: [...PATH, 'file'],
    part: 'key',
    message: 'file and template are both given',
    hint: `The file of a template has its values: values: {${name}: ${String(source).slice(0, 100)}}.`,
  };
}

/** For an address in place of a template. */
function hintForOther(other: unknown, source: unknown): string {
  const [name] = typeof other === 'string' ? placeholdersIn(other) : [];
  if (name === undefined) return 'Keep one: urls_from takes the addresses of a file, a template or a job.';
  const file = typeof source === 'string' ? source : 'ids.csv';
  return `An address with {${name}} is a template: urls_from: {template: "…", values: {${name}: ${file}}}.`;
}

function checkTemplate({ template, values }: Tree): Finding[] {
  if (typeof template !== 'string' || (values !== undefined && !isRecord(values))) return [];
  const given = asRecord(values);
  const placeholders = placeholdersIn(template);
  return [
    ...(placeholders.length === 0 ? [withoutPlaceholder()] : []),
    ...placeholders.filter((name) => !Object.hasOwn(given, name)).map((name) => withoutValues(name, given)),
    ...Object.keys(given)
      .filter((name) => !placeholders.includes(name))
      .map((name) => withoutPlace(name, placeholders)),
    ...Object.entries(given).flatMap(([name, one]) => checkRange(name, asRecord(one))),
    ...placeholdersIn(hostPart(template)).flatMap((name) => checkHostValues(name, given[name])),
    ...checkCount(placeholders, given),
  ];
}

function withoutPlaceholder(): Finding {
  return {
    path: [...PATH, 'template'],
    message: 'the template has no placeholder',
    hint: 'Write one in braces: template: "https://shop.example/p/{id}". A single page is url: "https://…".',
  };
}

function withoutValues(name: string, given: Tree): Finding {
  const param = /^params\.(\w+)$/.exec(name)?.[1];
  const nearest = findNearestName(name, Object.keys(given));
  const example = `values: {${/^\w+$/.test(name) ? name : 'id'}: {from: 1, to: 500}}`;
  return {
    path: [...PATH, 'template'],
    message: `the placeholder {${name.slice(0, 60)}} has no values`,
    hint:
      param !== undefined
        ? `For a parameter write $\{params.${param}}.`
        : nearest !== undefined
          ? `Did you mean {${nearest}}?`
          : `Say what it stands for: ${example}, or a list: [a, b].`,
  };
}

function withoutPlace(name: string, placeholders: readonly string[]): Finding {
  const nearest = findNearestName(name, placeholders);
  return {
    path: [...PATH, 'values', name],
    part: 'key',
    message: `the template has no placeholder {${name.slice(0, 60)}}`,
    hint:
      nearest === undefined
        ? 'Write it into the template, or remove its values.'
        : `Did you mean "${nearest}"?`,
  };
}

/** Who may be asked must be known from the text alone. */
function checkHostValues(name: string, values: unknown): Finding[] {
  if (values === undefined || Array.isArray(values)) return [];
  return [
    {
      path: [...PATH, 'values', name],
      message: `the values of {${name.slice(0, 60)}} would choose the host of the address`,
      hint: `Write them as a list: ${name}: [de, fr]. For addresses of any host use a file: urls_from: {file: …}.`,
    },
  ];
}

function checkRange(name: string, { from, to }: Tree): Finding[] {
  if (typeof from !== 'number' || typeof to !== 'number' || from <= to) return [];
  return [
    {
      path: [...PATH, 'values', name, 'from'],
      message: `from ${from} is more than to ${to}`,
      hint: `Write {from: ${to}, to: ${from}}.`,
    },
  ];
}

/** How many values are known without reading a file. A file has at least one. */
function checkCount(placeholders: readonly string[], given: Tree): Finding[] {
  const count = placeholders.reduce((product, name) => product * countValues(given[name]), 1);
  if (count <= MAX_START_URLS) return [];
  return [
    {
      path: [...PATH, 'template'],
      message: `the template makes ${count.toLocaleString('en-US')} addresses, and a run fetches at most ${MAX_START_URLS.toLocaleString('en-US')}`,
      hint: 'Take a shorter range or list, or split it between several configurations.',
    },
  ];
}

function countValues(values: unknown): number {
  if (Array.isArray(values)) return Math.max(1, values.length);
  const { from, to, step = 1 } = asRecord(values);
  if (typeof from !== 'number' || typeof to !== 'number' || typeof step !== 'number' || step <= 0) return 1;
  return Math.max(1, Math.floor((to - from) / step) + 1);
}
