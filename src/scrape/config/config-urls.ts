import type { Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** An address as it stands in a configuration, with its variables. */
export interface ConfigUrl {
  path: Path;
  text: string;
}

/** Every address of a configuration, where there is a text. @param raw the tree as it is written */
export function findConfigUrls(raw: Tree): ConfigUrl[] {
  const urls = Array.isArray(raw['urls']) ? raw['urls'] : [];
  const places: readonly (readonly [Path, unknown])[] = [
    [['url'], raw['url']],
    ...urls.map((url: unknown, n) => [['urls', n], url] as const),
    [['sitemap'], raw['sitemap']],
    [['sitemap', 'url'], getNested(raw['sitemap'], 'url')],
    [['pagination', 'url_template'], getNested(raw['pagination'], 'url_template')],
    [['authentication', 'login_url'], getNested(raw['authentication'], 'login_url')],
    [['proxy'], raw['proxy']],
  ];
  return places.flatMap(([path, text]) => (typeof text === 'string' ? [{ path, text }] : []));
}

function getNested(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Tree)[key] : undefined;
}
