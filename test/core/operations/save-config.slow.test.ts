import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import type { ConfigAccess } from '../../../src/core/configs/config-access.ts';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { lacks } from '../../platform.ts';
import { canMount, mountAt } from '../../small-disk.ts';
import { BOOKS, it, refusal } from './open-home.ts';

const CHANGED = `${BOOKS}  price: .price\n`;

describe('saving a configuration', () => {
  it('creates it, and writes nothing when the same text comes again', async ({ workspace, call }) => {
    const made = await call('save_config', { config_name: 'new_one', yaml: BOOKS });
    expect(made).toMatchObject({ config_name: 'new_one', created: true, changed: true, warnings: [] });
    expect(readFileSync(made.file, 'utf8')).toBe(BOOKS);
    expect(await call('get_config', { config_name: 'new_one' })).toMatchObject({ revision: made.revision });
    const again = await call('save_config', { config_name: 'new_one', yaml: BOOKS });
    expect(again).toMatchObject({ created: false, changed: false, revision: made.revision });
    expect(readdirSync(workspace.paths.trash)).toEqual([]);
  });

  it('warns what runs of a client’s text do not see, but not for a person’s text that the client saves unchanged', async ({
    workspace,
    call,
  }) => {
    const yaml = `${BOOKS}headers: { X-Key: "\${KEY}" }\n`;
    await workspace.configs.write('books', yaml);
    const save = async (text: string, dry_run = false) => {
      const params = { config_name: 'books', yaml: text, dry_run };
      const { warnings } = await call('save_config', params, { reviewConfig: () => {} });
      return warnings.some(({ message }) => message.startsWith('runs of this text see ${KEY}'));
    };
    expect([await save(yaml, true), await save(yaml)]).toEqual([false, false]);
    const own = `${yaml}# by the client\n`;
    expect([await save(own, true), await save(own), await save(own)]).toEqual([true, true, true]);
  });

  it('keeps each version that it overwrites in the trash, which no job is restored from', async ({
    workspace,
    call,
  }) => {
    const before = Date.now();
    await call('save_config', { config_name: 'books', yaml: CHANGED });
    await call('save_config', { config_name: 'books', yaml: `${CHANGED}# third\n` });
    const texts = readdirSync(workspace.paths.trash).map((name) => {
      const at = Number(/^books\.(\d+)\.library\.overwritten\.yaml$/.exec(name)?.[1]);
      expect(at).toBeGreaterThanOrEqual(before);
      return readFileSync(join(workspace.paths.trash, name), 'utf8');
    });
    expect(texts.sort()).toEqual([BOOKS, CHANGED].sort());
    expect(await refusal(call('restore_job', { job_id: 'books' }))).toMatchObject({ code: 'job_not_found' });
  });

  it('lets one of two concurrent saves of the same revision win, and gives the other the new revision', async ({
    workspace,
    call,
  }) => {
    const { revision } = await call('get_config', { config_name: 'books' });
    // As another process of the same home.
    const other = openWorkspace({ home: workspace.paths.home, actor: 'rpc' });
    const params = (line: string) =>
      ({ config_name: 'books', yaml: `${BOOKS}# ${line}\n`, if_revision: revision }) as const;
    const ends = await Promise.allSettled([
      call('save_config', params('one')),
      callOperation(other, 'save_config', params('two')),
    ]).finally(() => other.close());
    const [won] = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    const [lost] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(lost).toMatchObject({
      code: 'conflict',
      field: 'if_revision',
      message: expect.stringContaining(won?.revision ?? 'no revision'),
      hint: expect.stringContaining('quickscrape show'),
    });
    expect(readdirSync(workspace.paths.trash)).toHaveLength(1);
  });

  it('with a revision of a configuration that is gone is a conflict, too', async ({ call }) => {
    const save = call('save_config', { config_name: 'gone', yaml: BOOKS, if_revision: '0123456789ab' });
    expect(await refusal(save)).toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('create it again'),
    });
  });

  it('as a dry run says what would be and stores nothing, refusing what would be refused', async ({
    workspace,
    call,
  }) => {
    const dry = { yaml: CHANGED, dry_run: true };
    const would = await call('save_config', { config_name: 'books', ...dry });
    expect(would).toMatchObject({ created: false, changed: true });
    expect(await call('save_config', { config_name: 'other', ...dry })).toMatchObject({ created: true });
    expect(workspace.configs.read('books').yaml).toBe(BOOKS);
    expect(workspace.configs.has('other')).toBe(false);
    expect(readdirSync(workspace.paths.trash)).toEqual([]);
    const stale = call('save_config', { config_name: 'books', ...dry, if_revision: 'x' });
    expect(await refusal(stale)).toMatchObject({ code: 'conflict' });
    const { revision } = await call('save_config', { config_name: 'books', yaml: CHANGED });
    expect(revision).toBe(would.revision);
  });

  it('reports every issue with its location and a hint, and writes nothing', async ({ workspace, call }) => {
    const yaml = 'url: "ftp://x"\nselectors:\n  title: "h1 >"\npagination:\n  type: next_buton\n';
    const error = await refusal(call('save_config', { config_name: 'bad', yaml }));
    expect(error).toMatchObject({ code: 'invalid_config', field: 'yaml' });
    expect(error.message).toContain('bad.yaml:1:6: url: ');
    expect(error.issues).toMatchObject([
      { path: 'url', line: 1, column: 6 },
      { path: 'selectors.title', line: 3, column: 10, hint: expect.any(String) },
      { path: 'pagination.type', line: 5, column: 9, hint: 'Did you mean "next_button"?' },
    ]);
    expect(existsSync(join(workspace.paths.configs, 'bad.yaml'))).toBe(false);
  });

  it('warns of a variable that is not set here, with its place', async ({ call }) => {
    const yaml = `${BOOKS}headers:\n  Cookie: "\${NO_SUCH_VARIABLE_HERE}"\n`;
    const { warnings } = await call('save_config', { config_name: 'headed', yaml });
    expect(warnings).toMatchObject([
      { path: 'headers.Cookie', line: 5, column: 11, message: expect.stringContaining('NO_SUCH_VARIABLE') },
    ]);
  });
});

describe('a text that is no configuration', () => {
  it.for([
    [
      'of one byte too many',
      `${BOOKS}#${'x'.repeat(2 * 1_048_576 - BOOKS.length)}`,
      'at most 2097152 characters',
    ],
    ['of too many bytes in few characters', `${BOOKS}# ${'€'.repeat(700_000)}`, '2100052 bytes in UTF-8'],
    ['with a zero byte', `${BOOKS}# \0`, 'a zero byte'],
    ['with half a character', `${BOOKS}# \ud83d`, 'half a character'],
  ] as const)('%s is refused before anything reads it', async ([_, yaml, reason], { call }) => {
    const error = await refusal(call('save_config', { config_name: 'bad', yaml }));
    expect(error).toMatchObject({ code: 'invalid_params', field: 'yaml' });
    expect(error.message).toContain(reason);
    expect(error.message.length).toBeLessThan(300);
  });

  it.for([
    ['tabs', 'url: "http://a.b/"\nselectors:\n\ttitle: h1\n', 'a tab is used for indentation'],
    [
      'an alias bomb',
      `${'abcdefgh'
        .split('')
        .map((name, at, all) => `${name}: &${name} [${Array(9).fill(at === 0 ? 'x' : `*${all[at - 1]}`)}]`)
        .join('\n')}\n`,
      'aliases expand to too much',
    ],
    ['20,000 brackets', '['.repeat(20_000), 'nested more than 64 levels deep'],
  ] as const)('%s is an issue with its place', async ([_, yaml, reason], { call }) => {
    const error = await refusal(call('save_config', { config_name: 'bad', yaml }));
    expect(error).toMatchObject({ code: 'invalid_config', issues: [{ line: expect.any(Number) }] });
    expect(error.message).toContain(reason);
  });

  it('reports a hundred of thousands of issues, and their number', async ({ call }) => {
    const yaml = BOOKS + Array.from({ length: 3_000 }, (_, n) => `unknown_${n}: 1\n`).join('');
    const error = await refusal(call('save_config', { config_name: 'bad', yaml }));
    expect(error.issues).toHaveLength(100);
    expect(error.message).toContain('(and 2999 more)');
  });

  it('goes under no bad name', async ({ call }) => {
    for (const config_name of ['../jobs/x', 'Books', 'con', 'a b'])
      expect(await refusal(call('save_config', { config_name, yaml: BOOKS }))).toMatchObject({
        code: 'invalid_params',
        field: 'config_name',
      });
  });
});

describe('a file that is not ours to write', () => {
  it.skipIf(lacks('links'))(
    'refuses a link, and changes neither the link nor its target',
    async ({ workspace, call }) => {
      const elsewhere = join(workspace.paths.home, 'elsewhere.yaml');
      writeFileSync(elsewhere, BOOKS);
      symlinkSync(elsewhere, join(workspace.paths.configs, 'linked.yaml'));
      const error = await refusal(call('save_config', { config_name: 'linked', yaml: CHANGED }));
      expect(error).toMatchObject({ code: 'not_allowed', message: expect.stringContaining('symbolic link') });
      expect(await refusal(call('delete_config', { config_name: 'linked' }))).toMatchObject({
        code: 'not_allowed',
      });
      expect(readFileSync(elsewhere, 'utf8')).toBe(BOOKS);
    },
  );

  it('one that is not UTF-8, too large, or a folder is refused and stays', async ({ workspace, call }) => {
    const at = (name: string) => join(workspace.paths.configs, `${name}.yaml`);
    writeFileSync(at('latin'), Buffer.from('name: caf\xe9\n', 'latin1'));
    writeFileSync(at('large'), '#'.repeat(2_100_000));
    mkdirSync(at('folder'));
    for (const config_name of ['latin', 'large', 'folder']) {
      const error = await refusal(call('save_config', { config_name, yaml: BOOKS }));
      expect({ config_name, ...error }).toMatchObject({ config_name, code: 'not_allowed' });
    }
    expect(readFileSync(at('latin'))).toHaveLength(11);
  });

  it('nothing is written over a configuration whose old text cannot be kept', async ({ workspace, call }) => {
    const { trash } = workspace.paths;
    rmSync(trash, { recursive: true });
    writeFileSync(trash, 'no folder');
    const error = await refusal(call('save_config', { config_name: 'books', yaml: CHANGED }));
    expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining(trash) });
    expect(await refusal(call('delete_config', { config_name: 'books' }))).toMatchObject({
      code: 'store_unavailable',
    });
    expect(workspace.configs.read('books').yaml).toBe(BOOKS);
  });
});

it.skipIf(!canMount)(
  'a trash that is full or read-only leaves the configuration as it is',
  async ({ workspace, call }) => {
    const { trash } = workspace.paths;
    mountAt(trash);
    onTestFinished(() => {
      execFileSync('mount', ['-o', 'remount,rw', trash]);
    });
    try {
      writeFileSync(join(trash, 'ballast'), Buffer.alloc(128 * 1024));
    } catch {
      // As full as it can be.
    }
    const save = { config_name: 'books', yaml: CHANGED };
    expect(await refusal(call('save_config', save))).toMatchObject({
      code: 'store_unavailable',
      hint: expect.stringContaining('full'),
    });
    execFileSync('mount', ['-o', 'remount,ro', trash]);
    const readOnly = { code: 'store_unavailable', hint: expect.stringContaining('read-only') };
    expect(await refusal(call('save_config', save))).toMatchObject(readOnly);
    expect(await refusal(call('delete_config', { config_name: 'books' }))).toMatchObject(readOnly);
    expect(workspace.configs.read('books').yaml).toBe(BOOKS);
    expect(readdirSync(trash)).toEqual(['ballast']);
  },
);

describe('a caller that reviews configurations', () => {
  const REACHING = `urls: ["http://LocalHost:81/a", "https://shop.example/", "http://169.254.169.254/"]
selectors: { title: h1 }
pagination: { type: page_number, url_template: "http://[fd00::1]/{page}" }
headers: { Authorization: "Bearer \${SAVE_CONFIG_TOKEN}" }
allow_private_hosts: ["Images.Example:8080"]
output: { path: "/srv/\${SAVE_CONFIG_PLACE}.csv" }
`;

  it('is reviewed with what it would reach before it is stored, and a refusal is the answer', async ({
    workspace,
    call,
  }) => {
    const seen: ConfigAccess[] = [];
    const reviewConfig = (facts: ConfigAccess) => {
      seen.push(facts);
      throw new QuickscrapeError('not_allowed', 'not here');
    };
    for (const dry_run of [true, false]) {
      const save = call('save_config', { config_name: 'far', yaml: REACHING, dry_run }, { reviewConfig });
      expect(await refusal(save)).toMatchObject({ code: 'not_allowed', message: 'not here' });
    }
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({
      privateHosts: [
        'localhost:81',
        '169.254.169.254:80',
        '169.254.169.254:443',
        '[fd00::1]:80',
        '[fd00::1]:443',
        'images.example:8080',
      ],
      outputPath: '/srv/${SAVE_CONFIG_PLACE}.csv',
      variables: ['SAVE_CONFIG_TOKEN', 'SAVE_CONFIG_PLACE'],
    });
    expect(workspace.configs.has('far')).toBe(false);
  });

  it('does not learn the value of a variable', async ({ call }) => {
    process.env['SAVE_CONFIG_SECRET'] = 'hush-hush-1234';
    const seen: ConfigAccess[] = [];
    const yaml = 'url: "https://${SAVE_CONFIG_SECRET}/"\nselectors: { title: h1 }\n';
    try {
      const saved = await call(
        'save_config',
        { config_name: 'far', yaml },
        { reviewConfig: (f) => seen.push(f) },
      );
      expect(JSON.stringify(saved)).not.toContain('hush');
    } finally {
      delete process.env['SAVE_CONFIG_SECRET'];
    }
    expect(seen).toMatchObject([
      { privateHosts: ['${SAVE_CONFIG_SECRET}:443'], outputPath: null, variables: ['SAVE_CONFIG_SECRET'] },
    ]);
  });
});
