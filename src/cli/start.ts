import { enableCompileCache } from '../core/process/compile-cache.ts';

// With a umask that also removes the owner's rights, the program could not read its own new files. The bits for others
// stay as requested.
process.umask(process.umask(0o077) & 0o077);
enableCompileCache();
// libsql has Node write a diagnostic report to learn which C library this is. Its part about the network takes 12 ms.
Object.assign(process.report, { excludeNetwork: true });
const { runCli } = await import('./program.ts');
await runCli(process.argv.slice(2));
