/** What becomes of a request that a page makes. */
export type Fate = 'navigate' | 'fetch' | 'block';

/** Nothing of these is ever part of a row, or they have no end. */
const BLOCKED_KINDS: ReadonlySet<string> = new Set([
  'Image',
  'Media',
  'Font',
  'TextTrack',
  'Manifest',
  'Ping',
  'Prefetch',
  'CSPViolationReport',
  'SignedExchange',
  'WebSocket',
  'EventSource',
]);

export interface PageRequest {
  /** As the DevTools protocol names them: Document, Script, XHR … */
  kind: string;
  url: string;
  /** Whether it is for the page itself, not for a frame in it. */
  isMainFrame: boolean;
  /** The page's address. */
  pageUrl: string;
  /** The header's value. */
  accept: string;
}

/**
 * Decides about a request: pictures, fonts, media, reports and streams without an end are not loaded, nor frames of
 * other sites, whose content is no part of the page, nor anything but http and https.
 */
export function fateOf({ kind, url, isMainFrame, pageUrl, accept }: PageRequest): Fate {
  if (!/^https?:/i.test(url) || BLOCKED_KINDS.has(kind)) return 'block';
  if (kind === 'Document') return isMainFrame ? 'navigate' : sameOrigin(url, pageUrl) ? 'fetch' : 'block';
  return /^(?:image\/|text\/event-stream)/i.test(accept.trim()) ? 'block' : 'fetch';
}

function sameOrigin(url: string, other: string): boolean {
  return URL.canParse(url) && URL.canParse(other) && new URL(url).origin === new URL(other).origin;
}
