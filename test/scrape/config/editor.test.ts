import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { ConfigStore } from '../../../src/core/configs/config-store.ts';
import { newConfigText } from '../../../src/core/configs/new-config.ts';
import { makeHome, resolveHome } from '../../../src/core/fs/paths.ts';
import { it } from '../../extend.ts';
import { waitFor } from '../../wait-for.ts';

const MODULES = 'node_modules/yaml-language-server';
const SERVER = fileURLToPath(
  new URL(`../../conformance/${MODULES}/bin/yaml-language-server`, import.meta.url),
);
const isInstalled = existsSync(SERVER);

interface Diagnostic {
  message: string;
  range: { start: { line: number } };
}

it('the language server is there in CI', () => {
  // npm ci --prefix test/conformance --ignore-scripts; .ci/run does it.
  expect(isInstalled || !process.env['CI']).toBe(true);
});

it.skipIf(!isInstalled)(
  'an editor checks and completes a saved configuration, without a network (needs npm ci --prefix test/conformance)',
  async ({ home }) => {
    const paths = resolveHome({ home });
    makeHome(paths);
    const yaml = newConfigText('https://shop.example/', 'shop');
    await new ConfigStore(paths).write('shop', yaml);
    const editor = await openEditor(home);

    expect(await editor.open(join(paths.configs, 'shop.yaml'), yaml)).toEqual([]);

    const wrong = yaml.replace('format: csv', 'format: cvs').replace('delays:', 'delay:');
    const found = await editor.open(join(paths.configs, 'wrong.yaml'), wrong);
    const lines = wrong.split('\n');
    expect(found.map(({ range }) => lines[range.start.line]?.trim()).toSorted()).toEqual([
      'delay:',
      'format: cvs',
    ]);

    const half = `${yaml}backend: `;
    const file = join(paths.configs, 'half.yaml');
    await editor.open(file, half);
    const position = { line: half.split('\n').length - 1, character: 'backend: '.length };
    expect(await editor.complete(file, position)).toEqual(expect.arrayContaining(['auto', 'requests']));
  },
);

async function openEditor(home: string) {
  const server: ChildProcess = spawn(process.execPath, [SERVER, '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    server.kill('SIGKILL');
  });
  if (!server.stdin || !server.stdout) throw new Error('it has no streams');
  const connection: MessageConnection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  onTestFinished(() => connection.dispose());
  const said = new Map<string, Diagnostic[]>();
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => void said.set(uri, diagnostics),
  );
  // As an editor does that knows nothing of the schema: only the file's own line leads to it.
  const settings = { validate: true, completion: true, schemaStore: { enable: false } };
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? settings : {})),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(home).href,
    capabilities: { workspace: { configuration: true }, textDocument: { completion: {} } },
  });
  await connection.sendNotification('initialized', {});
  return {
    async open(file: string, text: string): Promise<Diagnostic[]> {
      const uri = pathToFileURL(file).href;
      const textDocument = { uri, languageId: 'yaml', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
      await waitFor('what the editor says', () => said.has(uri));
      return said.get(uri) ?? [];
    },
    async complete(file: string, position: { line: number; character: number }): Promise<string[]> {
      const uri = pathToFileURL(file).href;
      const answer = await connection.sendRequest('textDocument/completion', {
        textDocument: { uri },
        position,
      });
      return (answer as { items: { label: string }[] }).items.map(({ label }) => label);
    },
  };
}
