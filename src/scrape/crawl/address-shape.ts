/**
 * Returns what addresses have in common that differ only in numbers: `/cal/2031/04` and `/cal/2031/05` are both
 * `shop.example/cal/#/#`. Of a query only the names count. Long random texts are numbers, too.
 * @param address as `canonicalUrl` returns it
 */
export function addressShape(address: string): string {
  const [path = '', query = ''] = address.split('?', 2);
  const [host = '', ...segments] = path.split('/');
  const shapes = segments.map((segment) => (RANDOM.test(segment) ? '#' : withoutNumbers(segment)));
  const names = new Set(query.split('&').map((pair) => withoutNumbers(pair.split('=', 1)[0] ?? '')));
  return `${[host, ...shapes].join('/')}${query === '' ? '' : `?${[...names].join('&')}`}`;
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}

/** Hashes and UUIDs. */
const RANDOM = /^(?=.*\d)[0-9a-f-]{16,}$/i;

/** How often parts of a path may follow each other. */
const MAX_REPEATS = 2;

/**
 * Whether a path goes in circles, as relative links that a site resolves wrongly do: `/a/b/a/b/a/b`. Numbers do not
 * count: `/11/11/11` may be a date.
 */
export function hasRepeatedPath({ pathname }: URL): boolean {
  const parts = pathname.split('/').filter((part) => part !== '');
  const most = Math.floor(parts.length / (MAX_REPEATS + 1));
  for (let length = 1; length <= most; length++) {
    let same = 0;
    for (let at = length; at < parts.length; at++) {
      same = parts[at] === parts[at - length] ? same + 1 : 0;
      if (same < length * MAX_REPEATS) continue;
      if (parts.slice(at - length + 1, at + 1).some((part) => !/^\d+$/.test(part))) return true;
    }
  }
  return false;
}

/** Endings of files that are no pages: pictures, sound, films, archives, programs, documents, fonts. */
const FILE_ENDINGS = new Set(
  `7z aac apk avi avif bin bmp bz2 css csv deb dmg doc docx eot eps epub exe flac flv gif gz ico ics iso jar jpeg
  jpg js m4a m4v mid mjs mkv mobi mov mp3 mp4 mpeg mpg msi odp ods odt ogg ogv opus otf pdf pkg png ppt pptx ps psd
  rar rpm rtf svg svgz swf tar tgz tif tiff torrent ttf wasm wav webm webmanifest webp wma wmv woff woff2 xls xlsx xz
  zip zst`.split(/\s+/),
);

/** Whether an address is by its ending that of a file that holds no rows and no links. */
export function isFileAddress({ pathname }: URL): boolean {
  const ending = /\.(\w{2,12})$/.exec(pathname)?.[1];
  return ending !== undefined && FILE_ENDINGS.has(ending.toLowerCase());
}

/** Content types of pages; without a type, the content decides. */
export function isPageType(contentType: string): boolean {
  if (/^text\/(?:css|javascript|csv|calendar)$|javascript/.test(contentType)) return false;
  return contentType === '' || /^text\/|^application\/.*(?:html|xml|json)/.test(contentType);
}
