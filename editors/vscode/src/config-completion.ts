import * as vscode from 'vscode';
import { isConfiguration } from './config-documents.ts';
import type { Invocation } from './invocation.ts';
import { type Choice, type JsonSchema, schemaChoices } from './schema-choices.ts';
import { yamlPosition } from './yaml-position.ts';

/** An extension that completes by the schema, which this one names in its manifest. */
const YAML_EXTENSION = 'redhat.vscode-yaml';

/** Completes keys and values of configurations, unless the extension for YAML does. */
export class ConfigCompletion implements vscode.CompletionItemProvider {
  readonly #schema: JsonSchema;
  readonly #readInvocation: () => Invocation;

  constructor(schema: JsonSchema, readInvocation: () => Invocation) {
    this.#schema = schema;
    this.#readInvocation = readInvocation;
  }

  provideCompletionItems(
    document: vscode.TextDocument,
    { line, character }: vscode.Position,
  ): vscode.CompletionItem[] {
    const isOthers = vscode.extensions.getExtension(YAML_EXTENSION) !== undefined;
    if (isOthers || !isConfiguration(document, this.#readInvocation())) return [];
    const position = yamlPosition(document.getText(), line, character);
    return position === undefined ? [] : schemaChoices(this.#schema, position).map(toItem);
  }
}

function toItem({ label, description, isKey, isBlock }: Choice): vscode.CompletionItem {
  const { Property, Value } = vscode.CompletionItemKind;
  const item = new vscode.CompletionItem(label, isKey ? Property : Value);
  item.documentation = description;
  if (isKey) item.insertText = isBlock ? `${label}:\n  ` : `${label}: `;
  return item;
}
