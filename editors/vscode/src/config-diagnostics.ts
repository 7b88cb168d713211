import * as vscode from 'vscode';
import { checkConfig, type Finding } from './check-config.ts';
import { configName } from './config-documents.ts';
import { Debounced } from './debounced.ts';
import type { Caller } from './live-jobs.ts';

const SOURCE = 'quickscrape';

/** Marks what is wrong with open configurations. */
export class ConfigDiagnostics implements vscode.Disposable {
  readonly #caller: Caller;
  readonly #collection = vscode.languages.createDiagnosticCollection('quickscrape');
  readonly #checks = new Debounced();

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Checks a document a moment after its last change. */
  check(document: vscode.TextDocument): void {
    this.#checks.run(document.uri.toString(), async (signal) => {
      const { version } = document;
      const findings = await checkConfig(this.#caller, configName(document), document.getText(), signal);
      if (signal.aborted || document.isClosed || document.version !== version) return;
      const others = this.#marksOfOthers(document.uri);
      const marks = findings.map((finding) => toDiagnostic(document, finding));
      this.#collection.set(
        document.uri,
        marks.filter(({ range }) => !others.has(range.start.line)),
      );
    });
  }

  forget({ uri }: vscode.TextDocument): void {
    this.#checks.cancel(uri.toString());
    this.#collection.delete(uri);
  }

  dispose(): void {
    this.#checks.dispose();
    this.#collection.dispose();
  }

  /** Lines that an extension for YAML has marked by the schema; the same is not said twice. */
  #marksOfOthers(uri: vscode.Uri): ReadonlySet<number> {
    const others = vscode.languages.getDiagnostics(uri).filter(({ source }) => source !== SOURCE);
    return new Set(others.map(({ range }) => range.start.line));
  }
}

function toDiagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const line = Math.min(finding.line, Math.max(0, document.lineCount - 1));
  const text = document.lineAt(line).text.trimEnd();
  const start = Math.min(finding.character, text.length);
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, start, line, Math.max(text.length, start)),
    finding.message,
    finding.isError ? error : warning,
  );
  diagnostic.source = SOURCE;
  return diagnostic;
}
