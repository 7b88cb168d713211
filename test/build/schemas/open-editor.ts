import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { waitFor } from '../../wait-for.ts';

const MODULES = 'node_modules/yaml-language-server';
const SERVER = fileURLToPath(
  new URL(`../../conformance/${MODULES}/bin/yaml-language-server`, import.meta.url),
);

/** Whether the language server is there: npm ci --prefix test/conformance --ignore-scripts; .ci/run does it. */
export const isServerInstalled = existsSync(SERVER);

interface Diagnostic {
  message: string;
  range: { start: { line: number } };
}

/** Opens files as an editor with yaml-language-server does, which also checks JSON. Only a file itself names its schema. */
export async function openEditor(folder: string) {
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
  const settings = { validate: true, completion: true, hover: true, schemaStore: { enable: false } };
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? settings : {})),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, hover: {} } },
  });
  await connection.sendNotification('initialized', {});
  /** The text that was opened last. Each is one of its own, as a closed one gets an empty list. */
  let opened = { uri: '', number: 0 };
  return {
    /** Opens a text in the place of a file. @returns what the editor underlines: the line, and what is wrong with it */
    async open(file: string, text: string): Promise<string[]> {
      const number = opened.number + 1;
      const uri = pathToFileURL(join(dirname(file), `${number}-${basename(file)}`)).href;
      opened = { uri, number };
      const textDocument = { uri, languageId: 'yaml', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
      await waitFor('what the editor says', () => said.has(uri));
      const lines = text.split('\n');
      const found = (said.get(uri) ?? []).toSorted((a, b) => a.range.start.line - b.range.start.line);
      return found.map(({ message, range }) => `${lines[range.start.line]?.trim()}: ${message}`);
    },
    /** What the editor offers at a place of the text that was opened last. */
    async complete(position: Position): Promise<string[]> {
      const { items } = await ask<{ items: { label: string }[] }>('completion', position);
      return items.map(({ label }) => label);
    },
    /** What the editor explains there. */
    async hover(position: Position): Promise<string> {
      return (await ask<{ contents: { value: string } }>('hover', position)).contents.value;
    },
  };

  function ask<T>(what: 'completion' | 'hover', position: Position): Promise<T> {
    return connection.sendRequest(`textDocument/${what}`, { textDocument: { uri: opened.uri }, position });
  }
}

interface Position {
  line: number;
  character: number;
}
