import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { openHome, refusal } from '../../core/operations/open-home.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { auditLines } from './audit-lines.ts';

async function opened(policy: Partial<Policy> = {}) {
  const { workspace } = await openHome();
  const allowed = { ...DEFAULT_POLICY, allowPrivateHosts: [{ host: '127.0.0.1', port: null }], ...policy };
  const session = await Session.open(workspace, { face: 'mcp', policy: allowed, log: () => {} });
  return { workspace, session };
}

it('logs a cancelled test run with the requests that it had sent', async ({ site }) => {
  site.hold();
  const { workspace, session } = await opened();
  const end = new AbortController();
  const trial = refusal(session.call('test_config', { yaml: gatedConfig(site.url) }, { signal: end.signal }));
  await waitFor('the request', () => site.hits() === 1);
  end.abort();
  await trial;
  // robots.txt, and the page that never came.
  expect(auditLines(workspace.paths.auditLog).at(-1)).toMatchObject({
    outcome: 'cancelled',
    traffic: {
      hosts: [new URL(site.url).host],
      methods: ['GET'],
      requests: 2,
      bytes_out: expect.any(Number),
    },
  });
});

it('notes one that fails, and one that is refused', async ({ site }) => {
  const { workspace, session } = await opened();
  site.answer(500);
  await session.call('test_config', { yaml: gatedConfig(site.url) });
  await refusal(session.call('test_config', { yaml: 'url: [' }));
  await refusal(session.call('test_config', { yaml: gatedConfig('http://10.0.0.9/') }));
  const ends = auditLines(workspace.paths.auditLog).filter(({ outcome }) => outcome !== 'under_way');
  const nothing = { hosts: [], methods: [], requests: 0, bytes_out: 0 };
  expect(ends).toMatchObject([
    // The page is asked for twice.
    { outcome: 'done', traffic: { methods: ['GET'], requests: 3 } },
    { outcome: 'invalid_config', traffic: nothing },
    { outcome: 'not_allowed', traffic: nothing },
  ]);
});

it.skipIf(lacks('links'))('begins no trial that it could not note', async ({ site }) => {
  const { workspace, session } = await opened({ readOnly: true, allowTrials: true });
  symlinkSync(join(tempFolder(), 'elsewhere'), workspace.paths.auditLog);
  expect(await refusal(session.call('test_config', { yaml: gatedConfig(site.url) }))).toMatchObject({
    code: 'not_allowed',
  });
  expect(site.hits()).toBe(0);
});
