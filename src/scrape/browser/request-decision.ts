/** What becomes of a request that a page makes. */
export type RequestDecision = 'navigate' | 'fetch' | 'block';

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

export interface BrowserRequest {
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
export function decideRequest({ kind, url, isMainFrame, pageUrl, accept }: BrowserRequest): RequestDecision {
  if (!/^https?:/i.test(url) || BLOCKED_KINDS.has(kind)) return 'block';
  if (kind === 'Document') return isMainFrame ? 'navigate' : isSameOrigin(url, pageUrl) ? 'fetch' : 'block';
  return /^(?:image\/|text\/event-stream)/i.test(accept.trim()) ? 'block' : 'fetch';
}

function isSameOrigin(url: string, other: string): boolean {
  return URL.canParse(url) && URL.canParse(other) && new URL(url).origin === new URL(other).origin;
}
