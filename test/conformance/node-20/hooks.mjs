import { register } from 'node:module';

// node --import ./hooks.mjs: the conformance suite since 0.1.14 imports fs.globSync, which Node 20 has not. Only its
// command that rates whole SDKs calls it, so there may be any function in its place.
register('./resolve-fs.mjs', import.meta.url);
