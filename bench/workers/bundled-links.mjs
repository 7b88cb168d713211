import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Workers that take nothing: only their connections, many in one process. */
const LINKS = `
  import { randomUUID } from 'node:crypto';
  import { readFileSync } from 'node:fs';
  import { MachineLink } from './src/workers/machine/machine-link.ts';
  import { decodeInvitation } from './src/workers/protocol/invitation.ts';

  const invitations = JSON.parse(readFileSync(process.argv[2], 'utf8')).map(decodeInvitation);
  const heard = new Set();
  for (const { redis, home, name, key, pool } of invitations) {
    const link = new MachineLink({
      redis: { address: redis },
      homeId: home,
      name,
      key,
      poolKeys: { pool, tags: new Map() },
      version: 'bench',
      incarnation: randomUUID(),
      slots: 1,
      tags: [],
      executing: () => [],
      usedSlots: () => 0,
      onStart: async () => false,
      onMessage: ({ kind, pools }) => {
        if (kind === 'alive') link.setPools(pools);
        heard.add(name);
        if (heard.size === invitations.length) console.log('all are there');
      },
      onCutOff: () => {},
    });
    link.say({ kind: 'hello', incarnation: 'new' }, { now: true });
  }`;

/** @returns the path of a program, within `folder`, that takes a file with a list of invitations */
export async function bundledLinks(folder) {
  const entry = join(ROOT, 'bench-links.mjs');
  const bundle = await rolldown({
    platform: 'node',
    input: entry,
    resolve: {
      mainFields: ['module', 'main'],
      alias: { 'cron-parser': join(ROOT, 'build/bundle/stubs/cron-parser.mjs') },
    },
    plugins: [
      {
        name: 'bench-links',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? LINKS : null),
      },
    ],
  });
  const file = join(folder, 'bench-links.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}
