import { encodeForUrl } from '../config/body-text.ts';
import {
  MAX_START_URLS,
  PLACEHOLDER,
  placeholdersIn,
  type TemplateValues,
  type UrlsFrom,
} from '../config/urls-from.ts';
import { countDots } from '../config/variables.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { AddressList } from './address-list.ts';

type Template = Extract<UrlsFrom, { type: 'template' }>;

/**
 * Adds all addresses of a template: every combination of its values, of which those of the last placeholder change
 * first. A value is encoded, so that it stays in its place.
 * @param read returns the values of a file
 * @throws ScrapeError `config` when there are more than a run can fetch, or a value would lead to another folder
 */
export async function expandTemplate(
  { template, values }: Template,
  list: AddressList,
  read: (name: string, source: Extract<TemplateValues, { file: string }>) => Promise<string[]>,
): Promise<void> {
  const names = placeholdersIn(template);
  const columns: (readonly string[])[] = [];
  for (const name of names) {
    const source = values[name] ?? { list: [] };
    columns.push('file' in source ? await read(name, source) : listValues(source));
  }
  const count = columns.reduce((product, { length }) => product * length, 1);
  if (count > MAX_START_URLS) throw tooManyError(columns, names, count);
  const dots = countDots(template.replaceAll(PLACEHOLDER, 'x'));
  for (let index = 0; index < count; index++) {
    const chosen = chooseValues(names, columns, index);
    const address = template.replaceAll(PLACEHOLDER, (_, name: string) =>
      encodeForUrl(chosen.get(name) ?? ''),
    );
    if (countDots(address) > dots) throw leavesFolderError(chosen);
    list.add(address, () => `the template with ${describe(chosen)}`);
  }
}

function listValues(source: Exclude<TemplateValues, { file: string }>): string[] {
  if ('list' in source) return source.list;
  const { from, to, step, pad } = source;
  const count = Math.min(Math.floor((to - from) / step) + 1, MAX_START_URLS + 1);
  return Array.from({ length: Math.max(0, count) }, (_, n) => formatNumber(from + n * step, pad));
}

function formatNumber(value: number, pad: number): string {
  const digits = String(Math.abs(value)).padStart(pad, '0');
  return value < 0 ? `-${digits}` : digits;
}

/** The values of one combination, as the digits of a number are those of its place. */
function chooseValues(
  names: readonly string[],
  columns: readonly (readonly string[])[],
  index: number,
): Map<string, string> {
  const chosen = new Map<string, string>();
  let rest = index;
  for (let place = names.length - 1; place >= 0; place--) {
    const column = columns[place] ?? [];
    chosen.set(names[place] ?? '', column[rest % column.length] ?? '');
    rest = Math.floor(rest / column.length);
  }
  return chosen;
}

function tooManyError(
  columns: readonly (readonly string[])[],
  names: readonly string[],
  count: number,
): ScrapeError {
  const sizes = names.map((name, n) => `${(columns[n]?.length ?? 0).toLocaleString('en-US')} of {${name}}`);
  return new ScrapeError(
    'config',
    `the template makes ${count.toLocaleString('en-US')} addresses (${sizes.join(' × ')}), and a run fetches at most ${MAX_START_URLS.toLocaleString('en-US')}`,
    { hint: 'Take fewer values, or split them between several configurations. Nothing was fetched.' },
  );
}

function leavesFolderError(chosen: ReadonlyMap<string, string>): ScrapeError {
  const name = [...chosen].find(([, value]) => /^\.{1,2}$/.test(value))?.[0] ?? '';
  return new ScrapeError('config', `a value of {${name}} would lead the address out of its folder`, {
    hint: 'Remove "." and ".." from the values. Nothing was fetched.',
  });
}

/** Values may come from a file that holds something else, so only numbers are shown. */
function describe(chosen: ReadonlyMap<string, string>): string {
  return [...chosen]
    .map(([name, value]) => (/^-?\d{1,20}$/.test(value) ? `${name} ${value}` : name))
    .join(', ');
}
