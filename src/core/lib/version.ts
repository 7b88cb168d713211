/** What the build puts in (build/build-id.mjs); nothing does where the sources run as they are. */
declare const QUICKSCRAPE_BUILD: string | undefined;

/** The package's version. A constant, so that the bundle need not look for package.json; a test keeps them equal. */
export const VERSION = '0.1.0';

/**
 * Which build this is: the version and a hash of what it was made from, such as `0.1.0+1f0c9a2b`. Two builds of one version
 * have different ones, the same sources always the same one.
 */
export const BUILD = `${VERSION}+${typeof QUICKSCRAPE_BUILD === 'string' ? QUICKSCRAPE_BUILD : 'sources'}`;
