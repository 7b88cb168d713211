const SUITE = '/@modelcontextprotocol/conformance/';

/** Gives the suite, and nobody else, an `fs` with `globSync`. */
export function resolve(specifier, context, nextResolve) {
  if (specifier !== 'fs' || !context.parentURL?.includes(SUITE)) return nextResolve(specifier, context);
  return { url: new URL('./fs-with-glob.mjs', import.meta.url).href, shortCircuit: true };
}
