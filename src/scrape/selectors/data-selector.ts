import { JsonPathError, queryJson } from './json-path.ts';

/**
 * Where the data are that a JSONPath reads: the page itself or a script in it (`json`), or what the page says about its
 * contents for search engines.
 */
export const DATA_SOURCES = ['json', 'jsonld', 'microdata', 'opengraph'] as const;
export type DataSource = (typeof DATA_SOURCES)[number];

/** A selector of data: `json:$.price`, `jsonld:Product $.offers.price`. */
export interface DataSelector {
  source: DataSource;
  /** Only entities of this type, such as `Product`; never for `json` and `opengraph`. */
  type?: string;
  /** A JSONPath. In a row of data, `$` is the row. */
  path: string;
}

const FORM = /^\s*(json|jsonld|microdata|opengraph):\s*([^$]*?)\s*(\$.*)?$/is;

/** Returns the parts of a selector of data; undefined for CSS and XPath. */
export function parseDataSelector(selector: string): DataSelector | undefined {
  const [, source, type = '', path = ''] = FORM.exec(selector) ?? [];
  if (source === undefined) return undefined;
  return {
    source: source.toLowerCase() as DataSource,
    ...(type !== '' && { type }),
    path: path.trim(),
  };
}

/** Writes a selector of data. */
export function formatDataSelector({ source, type, path }: DataSelector): string {
  return `${source}:${type === undefined ? '' : `${type} `}${path}`;
}

/** Whether a selector reads data, and not elements. */
export function isDataSelector(selector: string): boolean {
  return FORM.test(selector);
}

/** Returns why a selector of data cannot be used; undefined if it can. */
export function findDataSelectorProblem({
  source,
  type,
  path,
}: DataSelector): { message: string; hint: string } | undefined {
  if (path === '') {
    return type === undefined
      ? { message: `${source}: has no path`, hint: `Write a JSONPath after it, such as "${source}:$.name".` }
      : {
          message: `"${source}:${type}" has no path that begins with $`,
          hint: `Write "${source}:$.${type.replace(/^\./, '')}". $ is the row, or all of the data where there is none.`,
        };
  }
  if (type !== undefined && (source === 'json' || source === 'opengraph')) {
    return {
      message: `"${type}" stands before the path, and ${source}: has no types`,
      hint: `Write "${source}:${path}".`,
    };
  }
  if (type !== undefined && !/^[\w:./#-]+$/.test(type))
    return {
      message: `"${type}" is not a type`,
      hint: `Write one name, such as "${source}:Product $.name".`,
    };
  try {
    queryJson(path, null);
    return undefined;
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return toPathProblem(path, error);
  }
}

function toPathProblem(path: string, { message, offset }: JsonPathError): { message: string; hint: string } {
  const place = offset === undefined ? '' : ` at character ${offset + 1}`;
  return {
    message: `"${path.slice(0, 80)}" is not a JSONPath: ${message}${place}`,
    hint:
      getHint(path) ?? 'JSONPath (RFC 9535) looks like $.results[*], $.price.value or $.items[?@.stock > 0].',
  };
}

/** Forms of older dialects. */
function getHint(path: string): string | undefined {
  if (/\[\?\s*\(/.test(path) && path.includes('length'))
    return 'Filters have functions as in $.items[?length(@.tags) > 1].';
  if (/\.\*\.|\[\]/.test(path)) return 'All entries of a list are [*], as in $.items[*].name.';
  if (/===|=~/.test(path)) return 'Compare by ==, and a pattern by search(@.name, "pattern").';
  if (/\.\d/.test(path)) return 'The first entry of a list is [0], as in $.items[0].';
  if (/\.[\w]*-/.test(path)) return 'A name with other characters stands in brackets: $["list-price"].';
  if (/\.(?:length|size|keys|first|last)\(\)/.test(path)) return 'The last entry of a list is [-1].';
  return undefined;
}
