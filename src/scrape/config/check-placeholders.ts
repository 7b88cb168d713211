// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${params.NAME} is the configuration's, not JavaScript's
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { readDeclarations } from '../../core/model/params.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { Finding, Path } from './issue-location.ts';
import { hasPlaceholder } from './request.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Finds placeholders of a request that nothing fills in, and a request that does not use that of its pagination. Texts
 * with other braces are left alone: JSON and GraphQL are full of them.
 * @param raw the tree as it is written
 */
export function warnPlaceholders(config: ScrapeConfig, raw: Tree): Finding[] {
  if (config.request === undefined) return [];
  const texts = listTexts(raw['request'], ['request']);
  const params = Object.keys(readDeclarations(raw['params']) ?? {});
  const known = getPlaceholder(config);
  const unfilled = texts.flatMap(([path, text]) =>
    findUnfilled(path, text, params, known).map((name) => ({ path, name })),
  );
  const findings = unfilled.map(({ path, name }) => explain(path, name, params, config));
  // The wrong name for the page explains why the right one is not used.
  const isPageMeant = unfilled.some(({ name }) => !params.includes(name.replace(/^params\./, '')));
  return isPageMeant ? findings : [...findings, ...warnUnused(config)];
}

function listTexts(tree: unknown, path: Path): [Path, string][] {
  if (typeof tree === 'string') return [[path, tree]];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    listTexts(value, [...path, Array.isArray(tree) ? Number(key) : key]),
  );
}

function getPlaceholder({ pagination }: Pick<ScrapeConfig, 'pagination'>): string | undefined {
  return pagination.type === 'url_param' || pagination.type === 'cursor' ? pagination.param_name : undefined;
}

/** Names that stand for a page in most examples. */
const PAGE_NAMES = ['page', 'cursor'];

/** Returns the names in braces that were meant as placeholders. */
function findUnfilled(
  path: Path,
  text: string,
  params: readonly string[],
  known: string | undefined,
): string[] {
  const [, only] = /^\{(\w+)\}$/.exec(text) ?? [];
  const inBraces = [...text.matchAll(/(?<!\$)\{(params\.\w+|\w+)\}/g)].map(([, name = '']) => name);
  // A field of GraphQL may be called as a parameter is.
  const isQuery =
    path[1] === 'graphql'
      ? path[2] === 'query'
      : (path.at(-1) === 'query' && only === undefined) || (path[1] === 'body' && text.includes('"query"'));
  const isMeant = (name: string) =>
    name.startsWith('params.') ||
    (!isQuery && (name === only || PAGE_NAMES.includes(name) || params.includes(name)));
  return [...new Set(inBraces)].filter((name) => name !== known && isMeant(name));
}

function explain(path: Path, written: string, params: readonly string[], config: ScrapeConfig): Finding {
  const name = written.replace(/^params\./, '');
  const known = getPlaceholder(config);
  const page = known === undefined ? '' : ` {${known}} is that of pagination.`;
  const finding = { path, message: `nothing fills in {${written}}, so it is sent as it is` };
  if (params.includes(name)) return { ...finding, hint: `Write \${params.${name}} for the parameter.` };
  if (written !== name)
    return { ...finding, hint: `Declare it, params: {${name}: {type: text}}, and write \${params.${name}}.` };
  if (PAGE_NAMES.includes(name) && known === undefined) {
    const type = name === 'page' ? 'url_param' : 'cursor, selector: "json:$.next"';
    return { ...finding, hint: `Write pagination: {type: ${type}, param_name: ${name}}.` };
  }
  const list = params.map((one) => `\${params.${one}}`).join(', ');
  const others = list === '' ? '' : ` ${list} inserts a parameter.`;
  return {
    ...finding,
    hint:
      `${page}${others}`.trim() ||
      `For a value of each job declare params: {${name}: {type: text}}, and write \${params.${name}}.`,
  };
}

/** A GET has the value in its address. So has a request whose address is written with the parameter. */
function warnUnused({ request, pagination, urls }: ScrapeConfig): Finding[] {
  const name = getPlaceholder({ pagination });
  if (request === undefined || name === undefined || request.method === 'GET') return [];
  const isInAddress = urls.some((url) => canParseUrl(url) && new URL(url).searchParams.has(name));
  if (isInAddress || hasPlaceholder(request, name)) return [];
  const place =
    request.graphql !== undefined
      ? `graphql: {variables: {${name}: "{${name}}"}}, and $${name} in the query`
      : request.body !== undefined
        ? `{${name}} into the text of body`
        : `${request.form === undefined ? 'json' : 'form'}: {${name}: "{${name}}"}`;
  return [
    {
      path: ['request'],
      part: 'key',
      message: `request does not use {${name}}: each page is asked for by the same body`,
      hint: `Write ${place}. If the site reads ${name} in the address, write it into url: ?${name}=…`,
    },
  ];
}
