#!/usr/bin/env node
import { enableCompileCache } from './compile-cache.ts';

// A umask that shuts the owner out of new files, too, is of no use to anybody; what others may see stays as asked for.
process.umask(process.umask(0o077) & 0o077);
enableCompileCache();
const { runCli } = await import('./run-cli.ts');
await runCli(process.argv.slice(2));
