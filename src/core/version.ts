/** The package's version. A constant, so that the bundle need not look for package.json; a test keeps them equal. */
export const VERSION = '0.1.0';
