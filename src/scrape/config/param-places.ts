// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { isDataSelector } from '../selectors/data-selector.ts';
import type { Path } from './issue-location.ts';

/** What a text of a configuration is, as far as it decides how a value is written into it. */
export type ParamPlace = 'address' | 'pattern' | 'css' | 'xpath' | 'json' | 'body' | 'graphql' | 'text';

/** Sections that say what is reached and where rows are written: a value of a job must not change that. */
const FIXED: Readonly<Record<string, string>> = {
  allow_private_hosts: 'Write the hosts themselves.',
  proxy: 'Write the address itself, or ${NAME} for a variable of the environment.',
  ca: 'Write the path itself.',
  concurrency: 'Write the number itself.',
  authentication: 'Write the value itself, or ${NAME} for a variable of the environment.',
  output: 'In the path write {params.NAME}, which is made safe as the name of a file.',
};

/** Returns what to write instead, where no parameter may stand; undefined where one may. */
export function hintWithoutParams([first, ...rest]: Path): string | undefined {
  if (first === 'urls_from' && rest[0] !== 'template' && rest.at(-1) !== 'field' && !isListed(rest))
    return 'Write the file, the job or the host itself. In a template write the parameter into the address.';
  return Object.hasOwn(FIXED, String(first)) ? FIXED[String(first)] : undefined;
}

/** Whether a text is one of the values of a placeholder. */
function isListed([first, , third]: Path): boolean {
  return first === 'values' && typeof third === 'number';
}

/** @param text as it is written */
export function placeOf(path: Path, text: string): ParamPlace {
  const [first, second] = path;
  const last = String(path.at(-1));
  // Its other texts are encoded when they are sent; their keys are the site's.
  if (first === 'request') return placeInRequest(path);
  if (first === 'url' || first === 'urls' || last === 'url_template') return 'address';
  if (first === 'urls_from') return second === 'template' ? 'address' : 'text';
  if (first === 'sitemap' && (path.length === 1 || last === 'url')) return 'address';
  if (last === 'regex' || last === 'pattern') return 'pattern';
  if (first === 'sitemap' && (second === 'include' || second === 'exclude')) return 'pattern';
  if (first === 'crawl' && ['match', 'not', 'rows_from'].includes(String(second))) return 'pattern';
  if (isDataSelector(text)) return 'json';
  if (!isSelector(path)) return 'text';
  return /^\s*xpath:/i.test(text) ? 'xpath' : 'css';
}

function placeInRequest(path: Path): ParamPlace {
  const place = path.slice(1).join('.');
  if (place === 'graphql.query') return 'graphql';
  return place === 'body' ? 'body' : 'text';
}

function isSelector(path: Path): boolean {
  const last = String(path.at(-1));
  const parent = path.at(-2);
  return (
    ['item', 'wait_for', 'table', 'embedded'].includes(last) ||
    last.endsWith('selector') ||
    parent === 'selectors' ||
    parent === 'children'
  );
}
