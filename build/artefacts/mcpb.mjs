// A bundle for assistants' programs such as Claude Desktop: the program, libsql for this platform, and a form.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Resvg } from '@resvg/resvg-js';

export const description =
  'the bundle for Claude Desktop and the like: quickscrape-jobs-VERSION-PLATFORM.mcpb';

const MCPB = 'build/tools/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js';
const MANIFEST_VERSION = '0.3';
/** The packages that libsql loads, besides the one of the platform. */
const LIBSQL = ['libsql', '@neon-rs/load', 'detect-libc'];
/** libsql has 4 MB for each of nine platforms, compressed: as much as all the rest. So there is a bundle for each. */
const NATIVE = { linux: 'gnu', win32: 'msvc' };

export async function build({ root, out, manifest }) {
  const platform = `${process.platform}-${process.arch}`;
  const staging = await mkdtemp(join(tmpdir(), 'quickscrape-mcpb-'));
  try {
    const bundle = join(staging, 'bundle');
    await copyProgram(root, bundle, [platform, NATIVE[process.platform]].filter(Boolean).join('-'));
    const offered = await askServer(bundle, join(staging, 'home'));
    const content = bundleManifest(manifest, platform, offered);
    await writeFile(join(bundle, 'manifest.json'), `${JSON.stringify(content, null, 2)}\n`);
    const file = join(out, `${manifest.name}-${manifest.version}-${platform}.mcpb`);
    await promisify(execFile)(process.execPath, [join(root, MCPB), 'pack', bundle, file]);
    return [file];
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function copyProgram(root, bundle, native) {
  if (!existsSync(join(root, 'dist/cli.js')))
    await promisify(execFile)(process.execPath, [join(root, 'build/build.mjs')], { cwd: root });
  // Plugins of editors, and types for programs that use the library.
  const unused = ['editors', 'index.d.ts', 'index.js'].map((name) => join(root, 'dist', name));
  await cp(join(root, 'dist'), join(bundle, 'dist'), {
    recursive: true,
    filter: (path) => !unused.includes(path),
  });
  await writeFile(join(bundle, 'dist/installed-from'), 'mcpb\n');
  for (const name of [...LIBSQL, `@libsql/${native}`])
    await cp(join(root, 'node_modules', name), join(bundle, 'node_modules', name), { recursive: true });
  await cp(join(root, 'packaging/mcpb/server.mjs'), join(bundle, 'server.mjs'));
  for (const name of ['package.json', 'LICENSE']) await cp(join(root, name), join(bundle, name));
  // The icon of the extension for VS Code.
  const drawing = new Resvg(await readFile(join(root, 'editors/vscode/icon.svg'), 'utf8'), {
    fitTo: { mode: 'width', value: 512 },
  });
  await writeFile(join(bundle, 'icon.png'), drawing.render().asPng());
}

/** What the server within the bundle offers, so that the manifest cannot say anything else. */
async function askServer(bundle, home) {
  const client = new Client({ name: basename(import.meta.url), version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(bundle, 'server.mjs')],
      env: { QUICKSCRAPE_BUNDLE_HOME: home },
    }),
  );
  try {
    const { tools } = await client.listTools();
    const { prompts } = await client.listPrompts();
    const withText = prompts.map(async ({ name, description, arguments: given = [] }) => {
      const names = given.map((argument) => argument.name);
      const places = Object.fromEntries(names.map((argument) => [argument, `\${arguments.${argument}}`]));
      const { messages } = await client.getPrompt({ name, arguments: places });
      return { name, description, arguments: names, text: messages[0].content.text };
    });
    return {
      tools: tools.map(({ name, description }) => ({ name, description })),
      prompts: await Promise.all(withText),
    };
  } finally {
    await client.close();
  }
}

function bundleManifest(manifest, platform, { tools, prompts }) {
  const { name, version, description, license, keywords, repository, homepage, bugs, author } = manifest;
  return {
    manifest_version: MANIFEST_VERSION,
    name,
    display_name: 'QuickScrape Jobs',
    version,
    description,
    long_description: `${description}\n\nThe assistant can list, create, change, run and explain jobs, within the limits of this form. Jobs run on time while the scheduler runs; ask the assistant to start it.\n\nThis bundle is for ${platform}. It requests the pages that configurations name, and sends nothing to anybody else.`,
    author: typeof author === 'object' ? author : { name: author ?? 'QuickScrape Jobs' },
    repository: typeof repository === 'string' ? { type: 'git', url: repository } : repository,
    homepage,
    support: bugs?.url ?? bugs,
    icon: 'icon.png',
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: 'server.mjs',
      mcp_config: {
        command: 'node',
        // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the program that installs the bundle fills them in
        args: ['${__dirname}/server.mjs'],
        env: {
          QUICKSCRAPE_BUNDLE_HOME: '${user_config.home}',
          QUICKSCRAPE_BUNDLE_READ_ONLY: '${user_config.read_only}',
          QUICKSCRAPE_BUNDLE_TOOLSETS: '${user_config.toolsets}',
          QUICKSCRAPE_BUNDLE_PRIVATE_HOSTS: '${user_config.private_hosts}',
        },
      },
    },
    tools,
    prompts,
    compatibility: { platforms: [process.platform], runtimes: { node: manifest.engines.node } },
    user_config: {
      home: {
        type: 'directory',
        title: 'Home',
        description:
          'The folder with jobs, configurations, runs and output. An empty one becomes a new home.',
        default: '${HOME}/.quickscrape',
        // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above
        required: false,
      },
      read_only: {
        type: 'boolean',
        title: 'Read only',
        description: 'The assistant can look at everything, and change and run nothing.',
        default: false,
        required: false,
      },
      toolsets: {
        type: 'string',
        title: 'Groups of tools',
        description:
          'Offer only these, separated by spaces: read, jobs, runs, configs, pages, home, scheduler, workers. Empty: all.',
        default: '',
        required: false,
      },
      private_hosts: {
        type: 'string',
        title: 'Private hosts',
        description:
          'Hosts of private networks that its configurations may read: HOST or HOST:PORT, separated by spaces. Usually none.',
        default: '',
        required: false,
      },
    },
  };
}
