// The entry of the bundle: starts `quickscrape mcp` with what the person chose in the form of the assistant's program.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A field of the form; undefined if it is empty, or if the program left the variable of manifest.json as it was. */
function chosen(field) {
  const value = process.env[`QUICKSCRAPE_BUNDLE_${field}`]?.trim() ?? '';
  return value === '' || /^\$\{user_config\./.test(value) ? undefined : value;
}

// Some programs fill variables into what the person chose, but not into defaults.
const home = resolve(
  (chosen('HOME') ?? join(homedir(), '.quickscrape')).replace(/^\$\{HOME\}/, () => homedir()),
);
const isReadOnly = chosen('READ_ONLY') === 'true';
const toolsets = chosen('TOOLSETS')?.split(/[\s,]+/) ?? [];
const privateHosts = chosen('PRIVATE_HOSTS')?.split(/[\s,]+/) ?? [];

if (!isReadOnly) {
  try {
    // An empty folder is a new home. The person who has only this bundle has no command that makes one.
    mkdirSync(home, { recursive: true });
  } catch {
    // The server says what is wrong with the folder.
  }
}
const program = fileURLToPath(new URL('dist/cli.js', import.meta.url));
process.argv = [process.execPath, program, 'mcp', '--home', home];
if (isReadOnly) process.argv.push('--read-only');
if (toolsets.length > 0) process.argv.push('--toolsets', toolsets.join(','));
if (privateHosts.length > 0) process.argv.push('--allow-private-hosts', ...privateHosts);
await import('./dist/cli.js');
