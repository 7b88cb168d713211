import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { it } from '../extend.ts';
import { tempFolder } from '../temp-folder.ts';

const MCPB = 'build/tools/node_modules/@anthropic-ai/mcpb';
const PROGRAM = `${MCPB}/dist/cli/cli.js`;

type Fields = Record<string, unknown>;

/** The bundle's own folder, as an assistant's program unpacks it. */
let extension: string;
let file: string;
let manifest: {
  name: string;
  version: string;
  icon: string;
  tools: { name: string; description: string }[];
  prompts: { name: string; arguments: string[]; text: string }[];
  compatibility: { platforms: string[] };
  user_config: Record<string, Fields>;
};

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-mcpb-'));
  execFileSync(process.execPath, ['build/artefacts.mjs', 'mcpb', '--built', '--out', folder]);
  const [name = ''] = readdirSync(folder);
  file = join(folder, name);
  extension = join(folder, 'a folder of extensions');
  execFileSync(process.execPath, [PROGRAM, 'unpack', file, extension]);
  manifest = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8'));
  return () => rmSync(folder, { recursive: true });
});

/** Starts the server as such a program does: its own code fills the manifest in. */
async function connect(userConfig: Fields, env: Record<string, string> = {}) {
  const { getMcpConfigForManifest } = (await import(pathToFileURL(`${MCPB}/dist/shared/config.js`).href)) as {
    getMcpConfigForManifest(options: Fields): Promise<{ args: string[]; env: Record<string, string> }>;
  };
  const filled = await getMcpConfigForManifest({
    manifest,
    extensionPath: extension,
    systemDirs: { HOME: homedir() },
    userConfig,
    pathSeparator: sep,
  });
  const client = new Client({ name: 'a program for assistants', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: filled.args,
      env: { ...filled.env, ...env },
      cwd: tempFolder(),
      stderr: 'ignore',
    }),
  );
  onTestFinished(() => client.close());
  return {
    client,
    async call(name: string, params: Fields = {}) {
      const { isError = false, structuredContent } = await client.callTool({ name, arguments: params });
      return { isError, data: structuredContent as Fields & { summary: string } };
    },
  };
}

describe('the bundle', () => {
  it('is of the form that its format publishes', () => {
    const said = execFileSync(process.execPath, [PROGRAM, 'validate', join(extension, 'manifest.json')]);
    expect(said.toString()).toContain('validation passes');
    const schema = JSON.parse(readFileSync(`${MCPB}/schemas/mcpb-manifest-v0.3.schema.json`, 'utf8'));
    const check = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    check(manifest);
    expect(check.errors).toBeNull();
  });

  it('says which platform it is for, and has libsql for that one alone', () => {
    expect(file).toContain(`${manifest.name}-${manifest.version}-${process.platform}-${process.arch}.mcpb`);
    expect(manifest.compatibility.platforms).toEqual([process.platform]);
    expect(readdirSync(join(extension, 'node_modules/@libsql'))).toHaveLength(1);
  });

  it('has the licence, the notices of what is in it, and an icon', () => {
    for (const name of ['LICENSE', 'dist/THIRD-PARTY-NOTICES.md'])
      expect(existsSync(join(extension, name)), name).toBe(true);
    const icon = readFileSync(join(extension, manifest.icon));
    expect(icon.subarray(1, 4).toString()).toBe('PNG');
    expect(icon.readUInt32BE(16)).toBe(512);
  });
});

describe('a stranger who has nothing but the bundle', () => {
  it('gets a server that offers what the manifest says', async () => {
    const { client } = await connect({ home: join(tempFolder(), 'home') });
    const { tools } = await client.listTools();
    expect(manifest.tools).toEqual(tools.map(({ name, description }) => ({ name, description })));
    const { prompts } = await client.listPrompts();
    expect(manifest.prompts.map(({ name }) => name)).toEqual(prompts.map(({ name }) => name));
    for (const { text, arguments: given } of manifest.prompts)
      for (const argument of given) expect(text).toContain(`\${arguments.${argument}}`);
  });

  it('gets a home in the folder that the form names, and can work in it', async () => {
    const home = join(tempFolder(), 'my jobs');
    const { call } = await connect({ home });
    const yaml = bookshopConfig('http://shop.example');
    expect(await call('save_config', { config_name: 'books', yaml })).toMatchObject({ isError: false });
    const daily = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
    const job = { job_id: 'books', config_name: 'books', schedule: daily };
    expect((await call('create_job', job)).data.summary).toContain('Job books created');
    expect(readdirSync(join(home, 'jobs'))).toEqual(['books.json']);
    expect((await call('list_jobs')).data['jobs']).toHaveLength(1);
  });

  it('gets a server that changes nothing, if the form says so', async () => {
    const home = join(tempFolder(), 'home');
    const { call } = await connect({ home });
    expect((await call('list_jobs')).isError).toBe(false);
    const reader = await connect({ home, read_only: true });
    const { tools } = await reader.client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain('save_config');
    await expect(reader.call('save_config', { config_name: 'a', yaml: '' })).rejects.toThrow(/save_config/);
    expect((await reader.call('list_jobs')).isError).toBe(false);
    expect(existsSync(join(home, 'configs/a.yaml'))).toBe(false);
    const chosen = await connect({ home, toolsets: 'scheduler, pages' });
    const offered = (await chosen.client.listTools()).tools.map(({ name }) => name);
    expect(offered).toContain('get_scheduler');
    expect(offered).not.toContain('list_jobs');
  });

  it('gets no home made by a server that changes nothing', async () => {
    const home = join(tempFolder(), 'home');
    const { call } = await connect({ home, read_only: true });
    expect((await call('list_jobs')).data.summary).toContain('there is no home');
    expect(existsSync(home)).toBe(false);
  });

  it('gets the usual home without an answer in the form, and private hosts only if it names them', async () => {
    const user = tempFolder();
    const yaml = bookshopConfig('http://10.0.0.5:81');
    const refused = await connect({}, { HOME: user });
    expect((await refused.call('save_config', { config_name: 'books', yaml })).data).toMatchObject({
      error: { code: 'not_allowed' },
    });
    expect(existsSync(join(user, '.quickscrape'))).toBe(true);
    const allowed = await connect({ private_hosts: 'nas.lan, 10.0.0.5:81' }, { HOME: user });
    expect((await allowed.call('save_config', { config_name: 'books', yaml })).isError).toBe(false);
  });
});
