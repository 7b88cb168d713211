import { expect, it, onTestFinished } from 'vitest';
import { CAREFUL } from '../../src/rpc/policy.ts';
import { Session } from '../../src/rpc/session.ts';
import { openHome, refusal } from '../core/operations/open-home.ts';

const SECRET = 'v4lu3-that-nobody-may-see';

async function served() {
  const { workspace } = await openHome();
  process.env['QUICKSCRAPE_TEST_SECRET'] = SECRET;
  onTestFinished(() => {
    delete process.env['QUICKSCRAPE_TEST_SECRET'];
  });
  return Session.open(workspace, { face: 'mcp', policy: CAREFUL, log: () => {} });
}

it.each([
  'output: { path: "{${QUICKSCRAPE_TEST_SECRET}}" }',
  'output: { path: "../${QUICKSCRAPE_TEST_SECRET}" }',
  'output: { format: "${QUICKSCRAPE_TEST_SECRET}" }',
  'output: { delimiter: "${QUICKSCRAPE_TEST_SECRET}" }',
  'item: "${QUICKSCRAPE_TEST_SECRET}["',
  'backend: "${QUICKSCRAPE_TEST_SECRET}"',
  'allow_private_hosts: ["localhost", "${QUICKSCRAPE_TEST_SECRET}"]',
])('tells neither what a variable holds nor whether it fits: %s', async (line) => {
  const session = await served();
  const yaml = `url: "https://example.com/"\nselectors:\n  a: b\n${line}\n`;
  const error = await refusal(session.call('save_config', { config_name: 'sly', yaml }));
  expect(JSON.stringify([error.message, error.hint, error.issues])).not.toContain(SECRET);
  expect(error.code).toBe('not_allowed');
  expect(error.message).toContain('environment variables');
});
