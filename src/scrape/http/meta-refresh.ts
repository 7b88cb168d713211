import { isUtf8 } from 'node:buffer';
import { type Exchange, getHeader } from './exchange.ts';
import { checkRedirectTarget } from './redirect.ts';

/** A page that stays longer is there to be read. Seconds. */
const MAX_DELAY_S = 5;
/** It stands in the head of a page. Bytes. */
const MAX_SCANNED_BYTES = 64_000;

/** What is not there, or not for us: comments, scripts, and what is for whoever runs no scripts. */
const TAGS =
  /<!--[\s\S]*?(?:-->|$)|<(script|style|noscript|template|textarea|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/**
 * Where a page leads on by itself (`<meta http-equiv="refresh" content="0; url=…">`, HTML 4.2.5.3), as by a redirect;
 * undefined when it does not, stays for longer than five seconds, or leads to itself.
 * @param hops redirects followed so far
 * @throws ScrapeError `redirect` for one too many
 */
export function getRefreshTarget(from: URL, answer: Exchange, hops: number): URL | undefined {
  const isPage = answer.status >= 200 && answer.status < 300;
  if (!isPage || !/^\s*(?:$|text\/html|application\/xhtml)/i.test(getHeader(answer.headers, 'content-type')))
    return undefined;
  const bytes = answer.body.subarray(0, MAX_SCANNED_BYTES);
  const raw = bytes.toString('latin1');
  if (!/http-equiv/i.test(raw)) return undefined;
  const html = (isUtf8(bytes) ? bytes.toString('utf8') : raw).replaceAll(TAGS, '');
  const address = findRefresh(html);
  const base = tryParseUrl(getAttribute(/<base\s[^>]*>/i.exec(html)?.[0] ?? '', 'href') ?? '', from) ?? from;
  const target = address === undefined ? undefined : tryParseUrl(address, base);
  if (target === undefined || !/^https?:$/.test(target.protocol) || isSamePage(target, from))
    return undefined;
  return checkRedirectTarget(from, target, hops);
}

function findRefresh(html: string): string | undefined {
  for (const [tag] of html.matchAll(/<meta\s[^>]*>/gi)) {
    if (getAttribute(tag, 'http-equiv')?.trim().toLowerCase() !== 'refresh') continue;
    const content = getAttribute(tag, 'content') ?? '';
    const [, seconds = '', address = ''] =
      /^\s*(\d*\.?\d*)\s*[;,\s]\s*(?:url\s*=\s*)?(.+)$/is.exec(content) ?? [];
    if (address === '' || !(Number(seconds) <= MAX_DELAY_S)) return undefined;
    const quote = /^["']/.exec(address)?.[0];
    return quote === undefined ? address.trim() : address.slice(1).split(quote, 1)[0]?.trim();
  }
  return undefined;
}

function getAttribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const text = found?.[1] ?? found?.[2] ?? found?.[3];
  return text?.replaceAll(
    /&(?:(amp|quot|apos|lt|gt)|#(\d{1,6})|#x([0-9a-f]{1,5}));/gi,
    (_, name, decimal, hex) =>
      name === undefined
        ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
        : (ENTITIES[String(name).toLowerCase()] ?? ''),
  );
}

function tryParseUrl(text: string, base: URL): URL | undefined {
  return text !== '' && URL.canParse(text, base.href) ? new URL(text, base) : undefined;
}

/** A page that loads itself again is no other page; the part after # makes none. */
function isSamePage(target: URL, from: URL): boolean {
  const [there, here] = [new URL(target), new URL(from)];
  for (const url of [there, here]) url.hash = '';
  return there.href === here.href;
}
