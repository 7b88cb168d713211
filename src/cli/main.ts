#!/usr/bin/env node
// This file must be readable for every Node, so that an old one gets a sentence and not a syntax error: it imports
// nothing before the check and uses no syntax that is newer than ES2018 (test/cli/old-node.test.ts).
const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `QuickScrape Jobs needs Node 20.19 or newer; this is ${process.version} (${process.execPath}). ` +
      'Install a newer one from https://nodejs.org, or with a version manager: nvm install 24.\n',
  );
  process.exitCode = 1;
} else void import('./start.ts');
