import { element, formatValue, showPage } from './element.ts';
import type { Fields } from './fields.ts';
import { describeError, Host, readAnswer } from './host.ts';

/** A view of the results of a tool: what the host sends, what is shown, and calls of the same tool for more. */
export abstract class ToolView<T extends { summary: string }> {
  protected readonly host = new Host({
    onInput: (args) => {
      this.args = args;
    },
    onResult: (result) => {
      const answer = readAnswer(result);
      this.#notice = result.isError === true ? describeError(answer) : '';
      if (result.isError !== true) this.content = this.read(answer);
      this.show();
    },
    onCancelled: (reason) => {
      this.#notice = `The call was cancelled. ${reason}`.trim();
      this.show();
    },
  });
  /** The arguments of the call whose result is shown. */
  protected args: Fields = {};
  protected content: T | undefined;
  #notice = 'Waiting for the result …';
  #isLoading = false;

  /** Reads an answer; `before` is what was shown, which the answer continues. */
  protected abstract read(answer: Fields, before?: T): T;
  /** The elements below the summary. */
  protected abstract elements(content: T): HTMLElement[];

  async start(name: string): Promise<void> {
    this.show();
    await this.host.connect(name, '1');
  }

  /** Whether the host passes calls of tools to the server. */
  protected canCall(): boolean {
    return this.host.capabilities.serverTools !== undefined;
  }

  /** Calls the tool and shows its answer, below what is shown if it continues that. @returns whether it answered */
  protected async load(tool: string, args: Fields, before?: T): Promise<boolean> {
    if (this.#isLoading) return false;
    this.#isLoading = true;
    this.#notice = 'Loading …';
    this.show();
    try {
      this.content = this.read(await this.host.callTool(tool, args), before);
      this.#notice = '';
    } catch (error) {
      this.#notice = (error as Error).message;
    }
    this.#isLoading = false;
    return this.#notice === '';
  }

  protected show(): void {
    const { content } = this;
    showPage(
      ...(content === undefined ? [] : [element('p', { class: 'summary' }, formatValue(content.summary))]),
      element('p', { class: 'notice' }, formatValue(this.#notice)),
      ...(content === undefined ? [] : this.elements(content)),
    );
  }
}
