import { basename, dirname, extname, join, resolve } from 'node:path';
import type * as vscode from 'vscode';
import { homeFolder, type Invocation } from './invocation.ts';

/** The line with which configurations name their schema, as the program writes it. */
const SCHEMA_LINE = /^#\s*yaml-language-server:\s*\$schema=(?:\S*\/)?(?:configuration)?\.schema\.json\s*$/m;
/** Lines that are searched for it. */
const HEAD_LINES = 5;

/** Whether a document is a configuration: a YAML file of the home's `configs/`, or one that names the schema. */
export function isConfiguration(document: vscode.TextDocument, invocation: Invocation): boolean {
  if (document.uri.scheme !== 'file' || !/^\.ya?ml$/i.test(extname(document.fileName))) return false;
  if (resolve(dirname(document.fileName)) === join(resolve(homeFolder(invocation)), 'configs')) return true;
  const head = Array.from(
    { length: Math.min(HEAD_LINES, document.lineCount) },
    (_, at) => document.lineAt(at).text,
  );
  return SCHEMA_LINE.test(head.join('\n'));
}

/** The name of the configuration that a file holds. */
export function configName({ fileName }: Pick<vscode.TextDocument, 'fileName'>): string {
  return basename(fileName, extname(fileName));
}

/** Whether the home stores the document, so that its jobs use it. */
export function isStored(
  { fileName }: Pick<vscode.TextDocument, 'fileName'>,
  invocation: Invocation,
): boolean {
  return (
    resolve(dirname(fileName)) === join(resolve(homeFolder(invocation)), 'configs') &&
    extname(fileName) === '.yaml'
  );
}
