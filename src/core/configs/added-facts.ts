import type { ConfigFacts } from './config-facts.ts';

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
