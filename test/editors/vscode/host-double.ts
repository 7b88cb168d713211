import { EventEmitter as NodeEmitter } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';

/** The part of VS Code's API that the extension uses, as far as one can see it from outside. No window, no renderer. */

type Listener = (value: unknown) => void;
export type Command = (...args: unknown[]) => Promise<unknown>;

interface TreeProvider {
  getChildren(node?: unknown): Promise<unknown[]>;
  getTreeItem(node: unknown): TreeItem;
}

class Emitter {
  readonly #emitter = new NodeEmitter();
  readonly event = (listener: Listener) => {
    this.#emitter.on('event', listener);
    return { dispose: () => void this.#emitter.off('event', listener) };
  };
  fire(value: unknown) {
    this.#emitter.emit('event', value);
  }
  dispose() {
    this.#emitter.removeAllListeners();
  }
}

class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(line: number, character: number, endLine: number, endCharacter: number) {
    this.start = new Position(line, character);
    this.end = new Position(endLine, endCharacter);
  }
}

class Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly severity: number;
  source?: string;
  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}

class InlayHint {
  readonly position: Position;
  readonly label: string;
  tooltip?: string;
  constructor(position: Position, label: string) {
    this.position = position;
    this.label = label;
  }
}

class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  description?: string;
  tooltip?: string;
  contextValue?: string;
  command?: { command: string };
  iconPath?: ThemeIcon;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

class CompletionItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}

export class Uri {
  readonly scheme = 'file';
  readonly fsPath: string;
  constructor(path: string) {
    this.fsPath = path;
  }
  toString() {
    return `file://${this.fsPath}`;
  }
  static file(path: string) {
    return new Uri(path);
  }
  static joinPath(base: Uri, ...parts: string[]) {
    return new Uri([base.fsPath, ...parts].join('/'));
  }
}

export class TextDocument {
  readonly uri: Uri;
  readonly fileName: string;
  version = 1;
  isClosed = false;
  isDirty = false;
  #text: string;
  constructor(path: string) {
    this.uri = new Uri(path);
    this.fileName = path;
    this.#text = readFileSync(path, 'utf8');
  }
  get lineCount() {
    return this.#text.split('\n').length;
  }
  getText() {
    return this.#text;
  }
  lineAt(line: number) {
    return { text: this.#text.split('\n')[line] ?? '' };
  }
  edit(text: string) {
    this.#text = text;
    this.version += 1;
    this.isDirty = true;
  }
  async save() {
    writeFileSync(this.fileName, this.#text);
    this.isDirty = false;
    return true;
  }
}

interface Panel {
  title: string;
  options: unknown;
  webview: { html: string };
}

/** What a test sees of the editor, and what a person does in it. */
export class HostDouble {
  readonly commands = new Map<string, Command>();
  readonly contexts = new Map<string, unknown>();
  readonly messages: string[] = [];
  readonly output: string[] = [];
  readonly panels: Panel[] = [];
  readonly statusBar: { text: string; isShown: boolean } = { text: '', isShown: false };
  readonly documents: TextDocument[] = [];
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  /** What the view shows above the tree. */
  message = '';
  /** The view as the extension has it: accessors of its own, which are gone when they are deleted. */
  readonly view: { message: string; badge: { value: number } | undefined; selection: unknown[] };
  /** What the person answers to the next questions. */
  readonly answers: unknown[] = [];
  /** Set by the extension. */
  tree: TreeProvider | undefined;
  hints: { provideInlayHints(document: TextDocument, range: Range): InlayHint[] } | undefined;
  completion:
    | { provideCompletionItems(document: TextDocument, position: Position): CompletionItem[] }
    | undefined;
  #settings: Readonly<Record<string, unknown>>;
  readonly #opened = new Emitter();
  readonly #changed = new Emitter();
  readonly #closed = new Emitter();
  readonly #activated = new Emitter();
  readonly #configured = new Emitter();

  constructor(settings: Readonly<Record<string, unknown>>) {
    this.#settings = settings;
    const host = this;
    this.view = {
      badge: undefined,
      selection: [],
      get message() {
        return host.message;
      },
      set message(text) {
        host.message = text;
      },
    };
  }

  changeSettings(settings: Readonly<Record<string, unknown>>): void {
    this.#settings = settings;
    this.#configured.fire({ affectsConfiguration: (section: string) => section === 'quickscrape' });
  }

  open(path: string): TextDocument {
    const document = this.documents.find(({ fileName }) => fileName === path) ?? new TextDocument(path);
    if (!this.documents.includes(document)) {
      this.documents.push(document);
      this.#opened.fire(document);
    }
    this.#activated.fire({ document });
    return document;
  }

  edit(path: string, text: string): void {
    const document = this.open(path);
    document.edit(text);
    this.#changed.fire({ document });
  }

  hintsOf(path: string): string[] {
    const document = this.open(path);
    const range = new Range(0, 0, document.lineCount, 0);
    const hints = this.hints?.provideInlayHints(document, range) ?? [];
    return hints.map(({ position, label }) => `${position.line + 1}: ${label}`);
  }

  completionsAt(path: string, line: number, character: number): string[] {
    const position = new Position(line, character);
    return (this.completion?.provideCompletionItems(this.open(path), position) ?? []).map(
      ({ label }) => label,
    );
  }

  /** The module `vscode`. */
  readonly api = {
    EventEmitter: Emitter,
    Position,
    Range,
    Diagnostic,
    InlayHint,
    TreeItem,
    ThemeColor,
    ThemeIcon,
    CompletionItem,
    Uri,
    DiagnosticSeverity: { Error: 0, Warning: 1 },
    CompletionItemKind: { Property: 9, Value: 11 },
    TreeItemCollapsibleState: { None: 0, Collapsed: 1 },
    ViewColumn: { Active: -1 },
    StatusBarAlignment: { Left: 1 },
    ProgressLocation: { Notification: 15 },
    commands: {
      registerCommand: (name: string, command: Command) => {
        this.commands.set(name, command);
        return { dispose: () => void this.commands.delete(name) };
      },
      executeCommand: async (name: string, key: string, value: unknown) => {
        if (name === 'setContext') this.contexts.set(key, value);
      },
    },
    extensions: { getExtension: () => undefined },
    languages: {
      createDiagnosticCollection: () => ({
        set: (uri: Uri, marks: Diagnostic[]) => void this.diagnostics.set(uri.fsPath, marks),
        delete: (uri: Uri) => void this.diagnostics.delete(uri.fsPath),
        dispose: () => this.diagnostics.clear(),
      }),
      getDiagnostics: (uri: Uri) => this.diagnostics.get(uri.fsPath) ?? [],
      registerInlayHintsProvider: (_: unknown, provider: NonNullable<HostDouble['hints']>) => {
        this.hints = provider;
        return { dispose() {} };
      },
      registerCompletionItemProvider: (_: unknown, provider: NonNullable<HostDouble['completion']>) => {
        this.completion = provider;
        return { dispose() {} };
      },
    },
    workspace: {
      textDocuments: this.documents,
      workspaceFolders: undefined,
      getConfiguration: () => ({
        get: (name: string, fallback: unknown) => this.#settings[name] ?? fallback,
      }),
      onDidOpenTextDocument: this.#opened.event,
      onDidChangeTextDocument: this.#changed.event,
      onDidCloseTextDocument: this.#closed.event,
      onDidChangeConfiguration: this.#configured.event,
      onDidGrantWorkspaceTrust: new Emitter().event,
    },
    window: {
      activeTextEditor: undefined as { document: TextDocument } | undefined,
      onDidChangeActiveTextEditor: this.#activated.event,
      createTreeView: (_: string, { treeDataProvider }: { treeDataProvider: TreeProvider }) => {
        this.tree = treeDataProvider;
        return Object.defineProperty(this.view, 'dispose', { value() {} });
      },
      createOutputChannel: () => ({
        appendLine: (line: string) => void this.output.push(line),
        clear: () => void this.output.splice(0),
        show() {},
        dispose() {},
      }),
      createStatusBarItem: () =>
        Object.assign(this.statusBar, {
          show: () => {
            this.statusBar.isShown = true;
          },
          hide: () => {
            this.statusBar.isShown = false;
          },
          dispose() {},
        }),
      createWebviewPanel: (_: string, title: string, _column: number, options: unknown) => {
        const panel = { title, options, webview: { html: '' }, reveal() {}, onDidDispose() {}, dispose() {} };
        this.panels.push(panel);
        return panel;
      },
      showTextDocument: async ({ fsPath }: Uri) => {
        this.api.window.activeTextEditor = { document: this.open(fsPath) };
      },
      showInformationMessage: async (text: string) => void this.messages.push(text),
      showErrorMessage: async (text: string) => void this.messages.push(`error: ${text}`),
      showWarningMessage: async () => this.answers.shift(),
      showInputBox: async () => this.answers.shift(),
      showQuickPick: async () => this.answers.shift(),
      withProgress: (_: unknown, work: (progress: unknown, token: unknown) => Promise<unknown>) =>
        work({}, { onCancellationRequested() {} }),
    },
  };
}
