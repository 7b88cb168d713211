import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { shopHome } from '../cli/shop-home.ts';
import { startHost } from '../editors/vscode/start-host.ts';
import { it } from '../extend.ts';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

const VERSION = JSON.parse(readFileSync('package.json', 'utf8')).version as string;

let file: string;
/** The extension as an editor unpacks it. */
let extension: string;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-vsix-'));
  execFileSync(process.execPath, ['build/artefacts.mjs', 'vsix', '--built', '--out', folder]);
  file = join(folder, `quickscrape-jobs-${VERSION}.vsix`);
  execFileSync('unzip', ['-q', file, '-d', folder]);
  extension = join(folder, 'extension');
  return () => rmSync(folder, { recursive: true });
});

/** A home with a job that scrapes three pages of the bookshop, and one whose price selector matches nothing. */
async function bookshopHome() {
  const shop = await startBookshop();
  onTestFinished(() => shop.close());
  const books = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 3');
  const made = shopHome({ books, prices: books.replace('.price_color', '.price-now') });
  await made.json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
  return made;
}

const openHost = (home: string, command = [process.execPath, PROGRAM]) =>
  startHost({ extension, settings: { command, home } });

describe('the .vsix', () => {
  it('has what it needs and nothing else', () => {
    const files = execFileSync('unzip', ['-Z1', file], { encoding: 'utf8' }).trim().split('\n').sort();
    expect(files).toEqual([
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      'extension/THIRD-PARTY-NOTICES.md',
      'extension/changelog.md',
      'extension/extension.cjs',
      'extension/icon.png',
      'extension/package.json',
      'extension/readme.md',
      'extension/schemas/configuration.schema.json',
      'extension/schemas/job.schema.json',
      'extension/schemas/settings.schema.json',
      'extension/side-bar.svg',
    ]);
  });

  it('names its version, its entry and its icon, and depends on nothing', () => {
    const manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ version: VERSION, license: 'MIT', publisher: 'quickscrape' });
    expect(manifest).not.toHaveProperty('dependencies');
    const { yamlValidation, jsonValidation } = manifest.contributes;
    const schemas = [...yamlValidation, ...jsonValidation].map(({ url }: { url: string }) => url);
    for (const path of [manifest.main, manifest.icon, ...schemas])
      expect(existsSync(join(extension, path)), path).toBe(true);
    expect([...readFileSync(join(extension, 'icon.png')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  it('is the same file when it is built again', () => {
    const folder = tempFolder();
    execFileSync(process.execPath, ['build/artefacts.mjs', 'vsix', '--built', '--out', folder]);
    const again = readFileSync(join(folder, `quickscrape-jobs-${VERSION}.vsix`));
    expect(again.equals(readFileSync(file))).toBe(true);
  });

  it('has the licence of each package in the bundle', () => {
    const notices = readFileSync(join(extension, 'THIRD-PARTY-NOTICES.md'), 'utf8');
    for (const name of ['execa', 'vscode-jsonrpc', 'yaml']) expect(notices).toContain(`## ${name} `);
  });
});

describe('the extension, in a host with a double of VS Code’s API,', () => {
  it('implements each command of its manifest, and names each of its commands there', async ({ home }) => {
    const host = await openHost(home);
    const { contributes } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
    const declared = contributes.commands.map(({ command }: { command: string }) => command);
    expect(await host.commandNames()).toEqual(declared.sort());
    expect(await host.close()).toBe(0);
  });

  it('shows a run as it goes on, its log and its items', async () => {
    const { home, json } = await bookshopHome();
    const host = await openHost(home);
    const mine = async () => (await host.rows()).find(({ label }) => label === 'mine');
    expect(await waitFor('the job', mine)).toMatchObject({
      icon: 'circle-outline',
      description: expect.stringMatching(/^next /),
      context: 'job enabled usable',
      children: [],
    });

    // Somebody else starts a run.
    await json('job', 'run', 'mine', '--background');
    await waitFor('the active run', async () => (await mine())?.icon === 'sync~spin');
    const [run] = await waitFor('its end', async () => {
      const { icon, children = [] } = (await mine()) ?? {};
      return icon === 'pass' && children;
    });
    expect(run).toMatchObject({ icon: 'pass', description: expect.stringMatching(/^60 items · \d+\.\d s$/) });

    await host.command('showLog', 'mine');
    const output = await waitFor('the log', async () => {
      const { output } = await host.seen();
      return output.some((line) => line.endsWith('run succeeded')) && output;
    });
    expect(output[0]).toMatch(/^Run \w+ of mine$/);

    await host.command('showItems', 'mine');
    const [panel] = (await host.seen()).panels;
    expect(panel).toMatchObject({
      title: 'Items of mine',
      options: { enableScripts: false, enableCommandUris: false, localResourceRoots: [] },
    });
    expect(panel?.webview.html).toContain('<p>60 items</p>');
    expect(panel?.webview.html.match(/<th scope="row">/g)).toHaveLength(60);
    expect((await host.seen()).messages).toEqual([]);
    expect(await host.close()).toBe(0);
  });

  it('runs, cancels, disables and enables', async ({ site }) => {
    const page = `url: "${site.url}"\nitem: li.row\nselectors:\n  name: b\n`;
    const { home, json } = shopHome({ page });
    await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
    const host = await openHost(home);
    const mine = async () => (await host.rows()).find(({ label }) => label === 'mine');
    await waitFor('the job', mine);
    site.hold();
    await host.command('runJob', 'mine');
    await waitFor('the request', () => site.hits() > 0);
    await waitFor('the active run', async () => (await mine())?.context === 'job active enabled usable');
    await host.command('cancelRun', 'mine');
    await waitFor('its end', async () => (await mine())?.children[0]?.icon === 'circle-slash');
    await host.command('disableJob', 'mine');
    await waitFor('the disabled job', async () => (await mine())?.description === 'disabled');
    await host.command('enableJob', 'mine');
    await waitFor('the enabled job', async () => (await mine())?.context === 'job enabled usable');
    await host.command('retryRun', 'mine');
    site.open();
    await waitFor('the second run', async () => (await mine())?.children.length === 2);
  });

  it('checks a configuration as it is typed, completes it, and counts its selectors on the kept page', async () => {
    const { home, json, qs } = await bookshopHome();
    await json('job', 'create', '--config', 'prices', '--cron', '@yearly', '--id', 'prices');
    await qs('job', 'run', 'prices');
    const host = await openHost(home);
    const config = join(home, 'configs', 'prices.yaml');
    const text = readFileSync(config, 'utf8');
    const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;
    await waitFor('the jobs', async () => (await host.rows()).length === 2);

    await host.command('openConfiguration', 'prices');
    expect((await host.seen()).open).toEqual([config]);
    const hints = await waitFor('the counts', async () => {
      const found = await host.hints(config);
      return found.length > 0 && found;
    });
    expect(hints).toContain(`${lineOf('item:')}: 20`);
    expect(hints).toContain(`${lineOf('.price-now')}: ⚠ 0`);

    // It is repaired on the kept page, before anything is saved or fetched.
    await host.edit(config, text.replace('.price-now', '.price_color'));
    const repaired = `${lineOf('.price-now')}: 20`;
    await waitFor('the new count', async () => (await host.hints(config)).includes(repaired));

    await host.edit(config, text.replace('item: article.product_pod', 'item: "article["\npagnation: {}'));
    const marks = await waitFor('the errors', async () => {
      const found = (await host.seen()).diagnostics[config] ?? [];
      return found.length > 0 && found;
    });
    expect(marks).toMatchObject([
      {
        message: expect.stringMatching(/article\[/),
        range: { start: { line: lineOf('item:') - 1 } },
        severity: 0,
      },
      { message: expect.stringMatching(/unknown key "pagnation"/) },
    ]);
    await host.edit(config, `${text}\npag`);
    expect(await host.completions(config, text.split('\n').length, 3)).not.toContain('pagination');
    expect(await host.completions(config, text.split('\n').length, 3)).toContain('timeout');
    await host.edit(config, text);
    await waitFor('no errors', async () => (await host.seen()).diagnostics[config]?.length === 0);
  });

  it('makes a configuration of a page', async () => {
    const { home } = await bookshopHome();
    const books = readFileSync(join(home, 'configs', 'books.yaml'), 'utf8');
    const [url = ''] = /http:[^"]+/.exec(books) ?? [];
    const host = await openHost(home);
    await waitFor('the job', async () => (await host.rows()).length === 1);
    await host.answer(url);
    await host.command('newConfiguration');
    const { messages, open } = await host.seen();
    expect(messages).toEqual([
      expect.stringMatching(/^Made the configuration \S+: 20 items on the first page\./),
    ]);
    expect(readFileSync(open[0] ?? '', 'utf8')).toContain(url);
  });

  it('shows a job file that cannot be used, and counts what needs attention', async () => {
    const { home } = await bookshopHome();
    writeFileSync(join(home, 'jobs', 'broken.json'), '{"id":');
    const host = await openHost(home);
    const rows = await waitFor('the jobs', async () => {
      const found = await host.rows();
      return found.length === 2 && found;
    });
    expect(rows[0]).toMatchObject({ label: 'broken', icon: 'warning', description: 'cannot be used' });
    expect((await host.seen()).badge).toBe(1);
  });

  it('makes the home that is missing', async ({ folder }) => {
    const host = await openHost(join(folder, 'home'));
    const { message } = await waitFor('what is wrong', async () => {
      const seen = await host.seen();
      return seen.contexts['quickscrape.state'] === 'no_home' && seen;
    });
    expect(message).toMatch(/^there is no home at /);
    expect((await host.rows()).map(({ label }) => label)).toEqual(['Create the Home', 'Choose Another Home']);
    await host.command('createHome');
    await waitFor('the home', async () => (await host.seen()).contexts['quickscrape.state'] === 'ready');
    expect((await host.seen()).message).toBe('');
  });

  it('starts anew when its settings change, and says what is wrong as long as it is', async () => {
    const { home } = await bookshopHome();
    const command = [process.execPath, PROGRAM];
    const host = await openHost(home, command);
    await waitFor('the job', async () => (await host.rows())[0]?.label === 'mine');
    await host.changeSettings({ home, command: ['no-such-quickscrape'] });
    await waitFor('the message', async () => (await host.seen()).message.includes('cannot be started'));
    expect((await host.rows()).map(({ label }) => label)).toEqual(['Set the Command', 'Try Again']);
    await host.changeSettings({ home, command });
    await waitFor('the job', async () => (await host.rows())[0]?.label === 'mine');
    expect((await host.seen()).message).toBe('');
  });

  it('says in one sentence that the program is missing', async ({ home }) => {
    const host = await openHost(home, ['no-such-quickscrape']);
    const { message, messages } = await waitFor('what is wrong', async () => {
      const seen = await host.seen();
      return seen.contexts['quickscrape.state'] === 'no_program' && seen;
    });
    expect(message).toBe(
      'The program "no-such-quickscrape" cannot be started (ENOENT). Install it with "npm install --global quickscrape-jobs", or set quickscrape.command.',
    );
    expect(messages).toEqual([]);
    expect(await host.close()).toBe(0);
  });
});
