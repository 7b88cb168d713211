import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openAudit } from '../../../../src/rpc/access/audit.ts';
import type { ConfigRow } from '../../../../src/tui/features/config-editor/model.ts';
import {
  watchConfigCheck,
  watchConfigs,
  watchSuggestion,
  watchTestRun,
} from '../../../../src/tui/features/config-editor/watch-configs.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { openTempWorkspace } from '../../../temp-workspace.ts';
import { waitFor } from '../../../wait-for.ts';

const YAML = 'url: http://127.0.0.1:9/\nselectors: {title: h1}\n';

async function home() {
  const workspace = openTempWorkspace({ actor: 'tui' });
  await workspace.configs.write('shop', YAML);
  const events: Event[] = [];
  const surroundings = {
    workspace,
    send: (event: Event) => events.push(event),
    fail: (error: unknown) => {
      throw error;
    },
  } as unknown as EffectContext;
  const rows = () => events.flatMap((event) => (event.kind === 'configs' ? [event.rows] : [])).at(-1) ?? [];
  const row = (what: string, test: (row: ConfigRow) => boolean) => waitFor(what, () => rows().find(test));
  return { workspace, events, surroundings, rows, row };
}

it('reports each configuration, and every change by an editor or an agent', async () => {
  const { workspace, surroundings, rows, row } = await home();
  const stop = watchConfigs(surroundings);
  onTestFinished(() => stop());
  const first = await row('the first one', ({ name }) => name === 'shop');
  expect(first).toMatchObject({ yaml: YAML, by: null, summary: { host: '127.0.0.1:9', fields: ['title'] } });
  const file = join(workspace.paths.configs, 'other.yaml');
  writeFileSync(`${file}.tmp`, Buffer.from([0x61, 0xff]));
  renameSync(`${file}.tmp`, file);
  const other = await row('the unreadable one', ({ name }) => name === 'other');
  expect(other.problem).toContain('0xFF is not UTF-8');
  // What has not changed is the same object.
  expect(rows().find(({ name }) => name === 'shop')).toBe(first);

  const audit = openAudit(workspace.paths.auditLog);
  await workspace.configs.write('shop', `${YAML}# by an agent\n`);
  const { revision } = workspace.configs.read('shop');
  audit.write({
    ...{ at: new Date().toISOString(), face: 'mcp', client: 'x', pid: 1, operation: 'save_config' },
    ...{ target: 'configuration shop', before: first.revision, after: revision, outcome: 'done' },
  });
  audit.close();
  const changed = await row('the agent’s version', ({ yaml }) => yaml.includes('by an agent'));
  expect(changed.by).toBe('mcp');
});

it('checks a text and reports its errors', async () => {
  const { events, surroundings } = await home();
  const yaml = 'url: http://127.0.0.1:9/\nselectors: 3\n';
  const stop = watchConfigCheck({ kind: 'config_check', name: 'shop', yaml }, surroundings);
  onTestFinished(() => stop());
  const event = await waitFor('the check', () => events.find(({ kind }) => kind === 'config_checked'));
  expect(event).toMatchObject({ check: { yaml, issues: [{ path: 'selectors', line: 2 }] } });
});

it('ends a test run that is no longer awaited', async () => {
  const { events, surroundings } = await home();
  const params = { config_name: 'shop', yaml: YAML, max_pages: 1, sample_items: 1 };
  const stop = watchTestRun({ kind: 'test_run', id: 1, params }, surroundings);
  await stop();
  const again = watchTestRun({ kind: 'test_run', id: 2, params }, surroundings);
  onTestFinished(() => again());
  const ended = await waitFor('the second test run', () =>
    events.find(({ kind }) => kind === 'test_run_ended'),
  );
  expect(ended).toMatchObject({ id: 2, outcome: { ok: true, output: { error: { kind: 'network' } } } });
  expect(events).toHaveLength(1);
});

it('reports why a page could not be read', async () => {
  const { events, surroundings } = await home();
  const stop = watchSuggestion(
    { kind: 'suggestion', id: 3, url: 'http://127.0.0.1:9/', name: 'x' },
    surroundings,
  );
  onTestFinished(() => stop());
  const ended = await waitFor('the answer', () => events.find(({ kind }) => kind === 'suggested'));
  expect(ended).toMatchObject({ id: 3, outcome: { ok: false, failure: { code: 'invalid_params' } } });
});
