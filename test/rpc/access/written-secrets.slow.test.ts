import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { revisionOf } from '../../../src/core/configs/config-store.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { DAILY, openHome, refusal } from '../../core/operations/open-home.ts';

const PASSWORD = 'hunter2-Zq9xy';
const TEXT = `url: "https://shop.example/list"
proxy: "http://bob:${PASSWORD}1@proxy.example:8080"
headers: { Authorization: "Bearer ${PASSWORD}2" }
authentication:
  type: form
  login_url: "https://shop.example/login"   # mine
  username: anna
  password: '${PASSWORD}3'
selectors:
  title: h1
`;

async function served() {
  const { workspace, call } = await openHome();
  await workspace.configs.write('own', TEXT);
  await call('create_job', { job_id: 'own', config_name: 'own', schedule: DAILY });
  const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
  const stored = () => workspace.configs.read('own').yaml;
  return { session, stored, workspace };
}

it('a client that reads, edits and saves a configuration neither sees the passwords in it nor destroys them', async () => {
  const { session, stored } = await served();
  const { yaml } = (await session.call('get_config', { config_name: 'own' })) as { yaml: string };
  expect(yaml).not.toContain(PASSWORD);
  expect(yaml).toContain('login_url: "https://shop.example/login"   # mine');
  const exported = await session.call('export', {});
  expect(JSON.stringify(exported)).not.toContain(PASSWORD);
  expect(JSON.stringify(exported)).toContain('__CONCEALED_proxy__');
  const { bundle, bytes } = exported as { bundle: object; bytes: number };
  expect(bytes).toBe(Buffer.byteLength(`${JSON.stringify(bundle, null, 2)}\n`));
  expect(await session.call('save_config', { config_name: 'own', yaml })).toMatchObject({ changed: false });
  expect(stored()).toBe(TEXT);
  await session.call('save_config', { config_name: 'own', yaml: yaml.replace('h1', 'h2') });
  expect(stored()).toBe(TEXT.replace('h1', 'h2'));
  // The revision of the whole text would let a client try passwords.
  expect(JSON.stringify(await session.call('export', {}))).not.toContain(revisionOf(stored()));
  const changed = await session
    .call('save_config', {
      config_name: 'own',
      changes: { 'authentication.username': 'berta', 'authentication.password': '${SHOP_PASSWORD}' },
      dry_run: true,
    })
    .catch((error: Error) => error.message);
  expect(JSON.stringify(changed)).not.toContain(PASSWORD);
  const edited = await session.call('save_config', {
    config_name: 'own',
    changes: { 'selectors.title': 'h3' },
  });
  expect(edited).toMatchObject({ diff: ['- title: h2', '+ title: h3'] });
  expect(stored()).toBe(TEXT.replace('h1', 'h3'));
});

it('a password goes only where it went: not to another site, not into another field, not into another configuration', async () => {
  const { session, stored } = await served();
  const { yaml } = (await session.call('get_config', { config_name: 'own' })) as { yaml: string };
  const mark = '__CONCEALED_authentication_password__';
  const evil = 'https://evil.example/login';
  for (const operation of ['save_config', 'test_config']) {
    for (const given of [
      { yaml: yaml.replace('https://shop.example/login', evil) },
      { changes: { 'authentication.login_url': evil } },
      { changes: { url: 'https://evil.example/' } },
      { changes: { proxy: null, url: 'https://evil.example/' } },
      { changes: { 'authentication.password_field': 'q' } },
    ]) {
      const error = await refusal(session.call(operation, { config_name: 'own', ...given }));
      expect(error).toMatchObject({ code: 'not_allowed' });
      expect(error.message).toContain('written in the stored configuration');
      expect(JSON.stringify(error)).not.toContain(PASSWORD);
    }
    for (const given of [
      { config_name: 'own', yaml: `url: "https://evil.example/?q=${mark}"\nselectors: {a: b}\n` },
      { config_name: 'own', changes: { 'selectors.title': mark } },
      { config_name: 'other', yaml },
      { config_name: 'own', yaml: yaml.replace('title: h1', `title: {selector: h1, default: ${mark}}`) },
    ])
      expect(await refusal(session.call(operation, given))).toMatchObject({ code: 'invalid_params' });
  }
  expect(stored()).toBe(TEXT);
  // What the client writes itself is its own.
  const own = `url: "https://x.example/"\nheaders: {Authorization: "Bearer mine-1234"}\nselectors: {a: b}\n`;
  await session.call('save_config', { config_name: 'mine', yaml: own });
  await session.call('save_config', { config_name: 'own', yaml: own });
});

it('the person sees and saves the text as it is', async () => {
  const { workspace } = await served();
  const { callOperation } = await import('../../../src/core/operations/call-operation.ts');
  expect(await callOperation(workspace, 'get_config', { config_name: 'own' })).toMatchObject({ yaml: TEXT });
  const { bundle } = await callOperation(workspace, 'export', {});
  expect(JSON.stringify(bundle)).toContain(PASSWORD);
});

it('a client cannot find a password by guesses: neither by a revision nor by any answer', async () => {
  const { session, stored, workspace } = await served();
  const shown = (await session.call('get_config', { config_name: 'own' })) as {
    yaml: string;
    revision: string;
  };
  expect(shown.revision).not.toBe(createHash('sha256').update(TEXT).digest('hex').slice(0, 12));
  const guess = (value: string) => shown.yaml.replace('__CONCEALED_authentication_password__', `'${value}'`);
  const ask = async (name: string, params: object) => {
    const answer = await session.call(name, { config_name: 'own', ...params }).catch((error: unknown) => {
      const { code, message } = error as { code: string; message: string };
      return { code, message };
    });
    const { revision, ...rest } = answer as { revision?: string };
    expect(revision).not.toBe(shown.revision);
    return JSON.stringify(rest);
  };
  const moved = (text: string) => text.replace('https://shop.example/login', 'https://evil.example/login');
  for (const of of [
    (value: string) => ({ yaml: guess(value) }),
    (value: string) => ({ yaml: moved(guess(value)) }),
    (value: string) => ({ changes: { 'authentication.password': value } }),
    (value: string) => ({
      changes: { 'authentication.password': value, 'authentication.login_url': 'https://evil.example/' },
    }),
  ]) {
    const right = await ask('save_config', { ...of(`${PASSWORD}3`), dry_run: true });
    expect(await ask('save_config', { ...of('wrong'), dry_run: true })).toBe(right);
  }
  expect(stored()).toBe(TEXT);
  // Saved in fact, and put back from the trash.
  const said: string[] = [];
  for (const value of [`${PASSWORD}3`, 'wrong']) {
    await workspace.configs.write('own', TEXT);
    const saved = await ask('save_config', { yaml: guess(value) });
    const again = (await session.call('get_config', { config_name: 'own' })) as { revision: string };
    expect(again.revision).not.toBe(shown.revision);
    const { deleted_at: _, ...back } = JSON.parse(await ask('restore_config', {}));
    said.push(saved + JSON.stringify(back));
  }
  expect(said[0]).toBe(said[1]);
});

it('the revision of a text with passwords holds from call to call until the text is saved', async () => {
  const { session } = await served();
  const revision = async () =>
    ((await session.call('get_config', { config_name: 'own' })) as { revision: string }).revision;
  const first = await revision();
  expect(await revision()).toBe(first);
  const edit = (title: string, if_revision: string) =>
    session.call('save_config', {
      config_name: 'own',
      changes: { 'selectors.title': title },
      if_revision,
    }) as Promise<{ revision: string }>;
  const saved = await edit('h2', first);
  expect(saved.revision).toBe(await revision());
  const conflict = await refusal(edit('h3', first));
  expect(conflict).toMatchObject({ code: 'conflict' });
  expect(conflict.message).toContain(saved.revision);
  await edit('h3', saved.revision);
});
