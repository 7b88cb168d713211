import * as vscode from 'vscode';
import { configName, isConfiguration, isStored } from './config-documents.ts';
import { Debounced } from './debounced.ts';
import { plainText } from './failures.ts';
import type { Invocation } from './invocation.ts';
import type { Caller } from './live-jobs.ts';
import { showDone, showFailure, withCancelButton } from './messages.ts';
import {
  type CountedSelectors,
  countOnLivePage,
  countSelectors,
  type SelectorCount,
} from './selector-counts.ts';
import { selectorPlaces } from './selector-places.ts';

/** Shows behind each selector how many elements it matches. */
export class SelectorHints implements vscode.InlayHintsProvider, vscode.Disposable {
  readonly #caller: Caller;
  readonly #readInvocation: () => Invocation;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.#changed.event;
  readonly #counted = new Map<string, CountedSelectors>();
  readonly #counting = new Debounced();

  constructor(caller: Caller, readInvocation: () => Invocation) {
    this.#caller = caller;
    this.#readInvocation = readInvocation;
  }

  /** Counts a moment after the last change. A text that cannot run keeps the counts of its unchanged selectors. */
  count(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#counting.run(key, async (signal) => {
      const counted = await countSelectors(this.#caller, configName(document), document.getText(), signal);
      // What was found on the live page is newer than the last run.
      const isOlder =
        counted?.where === 'in the last run' && this.#counted.get(key)?.where === 'on the live page';
      if (counted === undefined || signal.aborted || isOlder) return;
      this.#counted.set(key, counted);
      this.#changed.fire();
    });
  }

  /** Saves the document, then tries it on its live page. */
  async tryOnLivePage(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const invocation = this.#readInvocation();
    if (document === undefined || !isConfiguration(document, invocation) || !isStored(document, invocation))
      throw new Error('Open a configuration of the home first: a YAML file of its configs folder.');
    if (document.isDirty && !(await document.save())) return;
    const name = configName(document);
    const found = await withCancelButton(`Trying ${name} on its page`, async (signal) => {
      try {
        return await countOnLivePage(this.#caller, name, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
    if (found === undefined) return;
    this.#counted.set(document.uri.toString(), found);
    this.#changed.fire();
    if (found.problem === undefined) showDone(`${name}: ${found.items} items on the live page`);
    else showFailure(new Error(`${name}: ${found.problem}`));
  }

  forget({ uri }: vscode.TextDocument): void {
    this.#counting.cancel(uri.toString());
    this.#counted.delete(uri.toString());
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const counted = this.#counted.get(document.uri.toString());
    if (counted === undefined) return [];
    const counts = new Map(counted.counts.map((count) => [count.name, count]));
    return selectorPlaces(document.getText()).flatMap(({ name, selector, line, character }) => {
      const count = counts.get(name);
      const isInRange = line >= range.start.line && line <= range.end.line;
      // The count of another selector says nothing about this one.
      if (!isInRange || count?.selector !== selector) return [];
      return toHint(new vscode.Position(line, character), count, counted.where);
    });
  }

  dispose(): void {
    this.#counting.dispose();
    this.#changed.dispose();
  }
}

function toHint(
  position: vscode.Position,
  { matched, usual }: SelectorCount,
  where: string,
): vscode.InlayHint {
  const label = `${matched}${usual === null ? '' : `, usually ${usual}`}`;
  const hint = new vscode.InlayHint(position, matched === 0 ? `⚠ ${label}` : label);
  hint.paddingLeft = true;
  const elements = `${matched} ${matched === 1 ? 'element' : 'elements'}`;
  hint.tooltip = plainText(`Matches ${elements} ${where}${usual === null ? '' : `, usually ${usual}`}`);
  return hint;
}
