/** Of the connection and of how a message is cut (RFC 9110 7.2, 7.6; RFC 9112 6, 9): a server or proxy on the way acts on them. */
const CONNECTION_HEADERS = [
  'host',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'via',
  'forwarded',
];

/** By which proxies and frameworks are told of another host, path, sender or method. */
const OVERRIDE_HEADERS =
  /^(?:proxy-|x-forwarded|x-original-|x-rewrite-|x-envoy-|x-(?:http-)?method|x-(?:real-ip|host|client-ip|cluster-client-ip|proxyuser-ip|url-scheme)$|(?:true-client|cf-connecting)-ip$|front-end-https$|http2-settings$|base-url$)/;

/**
 * Whether a client's text may not set a request header: one that says where a request goes, whom it comes from, or what
 * it is, in place of its address and method.
 */
export function isRefusedHeader(name: string): boolean {
  // Servers that hand headers on as variables (RFC 3875 4.1.18) take "_", and some any sign, for "-".
  const normalized = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
  return CONNECTION_HEADERS.includes(normalized) || OVERRIDE_HEADERS.test(normalized);
}
