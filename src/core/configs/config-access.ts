import type { KeptSecret } from './written-secrets.ts';

/** The resources beyond public web pages that a configuration would reach; a server's policy decides by them. */
export interface ConfigAccess {
  /**
   * The hosts in private networks that it names, in its addresses (`urls`, `sitemap`, `url_template`) or in
   * `allow_private_hosts`. Each is `host:port` (`[::1]:80`), or `host` where every port is allowed; in lower case.
   * Metadata addresses are included. A host from a variable is `${NAME}`.
   */
  privateHosts: string[];
  /** `output.path`, as written. */
  outputPath: string | null;
  /** `ca`, the file of trusted certificate authorities, as written. */
  caFile: string | null;
  /** The files that its addresses come from (`urls_from`), as written. */
  addressFiles: string[];
  /** The job whose rows its addresses come from. */
  addressJob: string | null;
  /** The names of the environment variables that it inserts (`${NAME}`). */
  variables: string[];
  /**
   * The text values that contain variables, as written: `headers.Authorization`, `Bearer ${TOKEN}`. `ways` is a text of
   * the settings, besides the addresses, that decide where the value is sent; empty where there are none.
   */
  references: { path: string; text: string; ways: string }[];
  /** The secrets that are written in the text itself (written-secrets.ts), with the `ways` of references. */
  secrets: { path: string; text: string; ways: string }[];
  /** The places of those that the stored text has, too, and that would be sent elsewhere; absent without a stored text. */
  movedSecrets?: string[];
  /** Its addresses (`urls`, `sitemap`, `url_template`), as written. */
  addresses: string[];
  /**
   * Whether its pages can only be fetched with a browser (`backend`, `pagination.type`), which evaluates its selectors
   * in the page.
   */
  needsBrowser: boolean;
  /** The query parameter for the page number or the cursor (`pagination.param_name`). */
  countedBy: string | null;
  /** Its request headers (`headers` and `request.headers`), as written. */
  headers: { name: string; text: string; under?: 'request' | undefined }[];
  /** `concurrency`, if more than one request at a time may reach a host that is not private; else null. */
  concurrency: number | null;
  /** Its `request`: a text of it, and what it does besides reading, as half a sentence. */
  request: { text: string; does: string | null } | null;
}

/**
 * Returns what a text would reach that the stored text, which a person may have written, does not. Private hosts always
 * count. These are not new:
 * - the same secret (a variable, or one that is written) in the same field, sent to the same addresses in the same ways,
 *   by the same request: another query with it could read what the person never asked for
 * - the same header for the same addresses, and the same request
 * - at most the same `concurrency` for the same addresses
 * - the same output path, the same `ca`, and the same files of addresses
 * @param kept the secrets of the stored text that the new one takes over without saying them; absent: all that both have.
 *   A value that the client says itself counts as its own: the answer must not tell whether it is the stored one.
 */
export function addedAccess(
  now: ConfigAccess,
  stored: ConfigAccess,
  kept?: readonly KeptSecret[],
): ConfigAccess {
  const sameAddresses =
    JSON.stringify(now.addresses.toSorted()) === JSON.stringify(stored.addresses.toSorted());
  const sameRequest = sameAddresses && now.request?.text === stored.request?.text;
  // Another parameter name makes other addresses.
  const sameWay = sameRequest && (now.countedBy === null || now.countedBy === stored.countedBy);
  const known = new Set(sameWay ? stored.references.map(keyOf) : []);
  const references = now.references.filter((reference) => !known.has(keyOf(reference)));
  const knownHeaders = new Set(sameRequest ? stored.headers.map((header) => JSON.stringify(header)) : []);
  const storedSecrets = new Set(stored.secrets.map(({ text }) => text));
  const isKept = ({ path, text }: { path: string; text: string }) =>
    kept === undefined
      ? storedSecrets.has(text)
      : kept.some((one) => one.path === path && one.value === text);
  const isOwn = ({ name, under }: ConfigAccess['headers'][number]) => {
    const place = under === undefined ? `headers.${name}` : `${under}.headers.${name}`;
    const secret = now.secrets.find(({ path }) => path === place);
    return secret !== undefined && !isKept(secret);
  };
  const knownSecrets = new Set(sameWay ? stored.secrets.map(keyOf) : []);
  const moved = now.secrets.filter((one) => isKept(one) && !knownSecrets.has(keyOf(one)));
  return {
    ...now,
    movedSecrets: moved.map(({ path }) => path),
    headers: now.headers.filter((header) => isOwn(header) || !knownHeaders.has(JSON.stringify(header))),
    concurrency:
      sameAddresses && (now.concurrency ?? 0) <= (stored.concurrency ?? 0) ? null : now.concurrency,
    request: sameRequest ? null : now.request,
    references,
    variables: now.variables.filter((name) => references.some(({ text }) => text.includes(`\${${name}}`))),
    caFile: now.caFile === stored.caFile ? null : now.caFile,
    addressFiles: now.addressFiles.filter((file) => !stored.addressFiles.includes(file)),
    outputPath: now.outputPath === stored.outputPath ? null : now.outputPath,
  };
}

function keyOf({ path, text, ways }: ConfigAccess['references'][number]): string {
  return JSON.stringify([path, text, ways]);
}
