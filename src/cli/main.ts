#!/usr/bin/env node
import module from 'node:module';

// Node 22.8 and newer keep compiled code from one start to the next; it counts for what is imported from here on.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { runCli } = await import('./run-cli.ts');
// A umask that shuts the owner out of new files, too, is of no use to anybody; what others may see stays as asked for.
process.umask(process.umask(0o077) & 0o077);
await runCli(process.argv.slice(2));
