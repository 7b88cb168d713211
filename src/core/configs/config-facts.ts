/** What a configuration would reach beyond public web pages: what a server's policy decides on. */
export interface ConfigFacts {
  /**
   * Hosts in private networks that it names: in its addresses (`urls`, `sitemap`, `url_template`), or in `allow_private_hosts`.
   * As `host:port` (`[::1]:80`), or `host` where every port may be reached; in lower case; metadata addresses among them.
   * One that a variable holds stands as `${NAME}`.
   */
  privateHosts: string[];
  /** `output.path`, as it is written. */
  outputPath: string | null;
  /** `ca`, the file whose certificate authorities it trusts, as it is written. */
  caFile: string | null;
  /** Names of the environment variables that it fills in (`${NAME}`). */
  variables: string[];
  /**
   * The text values that do so, as they are written: `headers.Authorization`, `Bearer ${TOKEN}`. `ways`: what
   * decides besides its addresses where the value is sent, as text; empty where nothing does.
   */
  references: { path: string; text: string; ways: string }[];
  /** Its addresses (`urls`, `sitemap`, `url_template`), as they are written. */
  addresses: string[];
  /** Whether its pages can come from a browser only (`backend`, `pagination.type`), which asks them by its selectors. */
  needsBrowser: boolean;
  /** The query parameter that counts its pages (`pagination.param_name`). */
  countedBy: string | null;
  /** Its request headers (`headers`), as they are written. */
  headers: { name: string; text: string }[];
}

/**
 * What a text would reach that the stored one, which a person may have written, does not: the same secret in the same
 * place, sent to the same addresses by the same ways, the same header for the same addresses, the same output path and the same
 * `ca` are nothing new. Private hosts count either way.
 */
export function addedFacts(now: ConfigFacts, stored: ConfigFacts): ConfigFacts {
  const sameAddresses =
    JSON.stringify(now.addresses.toSorted()) === JSON.stringify(stored.addresses.toSorted());
  // A parameter with a name of its own makes another address.
  const sameWay = sameAddresses && (now.countedBy === null || now.countedBy === stored.countedBy);
  const known = new Set(sameWay ? stored.references.map(keyOf) : []);
  const references = now.references.filter((reference) => !known.has(keyOf(reference)));
  const knownHeaders = new Set(sameAddresses ? stored.headers.map((header) => JSON.stringify(header)) : []);
  return {
    ...now,
    headers: now.headers.filter((header) => !knownHeaders.has(JSON.stringify(header))),
    references,
    variables: now.variables.filter((name) => references.some(({ text }) => text.includes(`\${${name}}`))),
    caFile: now.caFile === stored.caFile ? null : now.caFile,
    outputPath: now.outputPath === stored.outputPath ? null : now.outputPath,
  };
}

function keyOf({ path, text, ways }: ConfigFacts['references'][number]): string {
  return JSON.stringify([path, text, ways]);
}
