/** Set by the build (build/build-id.mjs); undefined when the sources run directly. */
declare const QUICKSCRAPE_BUILD: string | undefined;

/** The package's version. It is a constant, so that the bundle needs no package.json; a test keeps them equal. */
export const VERSION = '0.1.0';

/**
 * The identity of this build: the version and a hash of its sources, such as `0.1.0+1f0c9a2b`. Two different builds of
 * one version have different identities; the same sources always have the same one.
 */
export const BUILD = `${VERSION}+${typeof QUICKSCRAPE_BUILD === 'string' ? QUICKSCRAPE_BUILD : 'sources'}`;
