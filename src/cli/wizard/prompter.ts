import * as prompts from '@clack/prompts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';

/** The user pressed Ctrl-C or Esc at a question. */
export class PromptCancelled extends Error {}

export interface Choice<T> {
  value: T;
  label: string;
  hint?: string;
}

/** Asks questions on the terminal, on stderr. Control characters in texts from pages are removed. */
export class Prompter {
  readonly #common: { signal: AbortSignal; output: NodeJS.WriteStream };

  constructor(signal: AbortSignal) {
    this.#common = { signal, output: process.stderr };
  }

  begin(title: string): void {
    prompts.intro(title, this.#common);
  }

  end(text: string): void {
    prompts.outro(text, this.#common);
  }

  info(text: string): void {
    prompts.log.step(text, this.#common);
  }

  warn(text: string): void {
    prompts.log.warn(sanitizeText(text), this.#common);
  }

  /**
   * @param initial the initial content of the field
   * @param problem returns what is wrong with an answer; `undefined` for a valid one
   * @param placeholder an example, shown while the field is empty
   */
  async text(
    message: string,
    initial: string,
    problem: (text: string) => string | undefined,
    placeholder = '',
  ): Promise<string> {
    const answer = await prompts.text({
      ...this.#common,
      message,
      initialValue: initial,
      placeholder,
      validate: (text) => problem((text ?? '').trim()),
    });
    return unlessCancelled(answer).trim();
  }

  async choose<T>(message: string, choices: readonly Choice<T>[]): Promise<T> {
    const index = unlessCancelled(
      await prompts.select({ ...this.#common, message, options: choices.map(sanitizeChoice) }),
    );
    return (choices[index] as Choice<T>).value;
  }

  /** All choices are selected at first; at least one must stay. */
  async pick<T>(message: string, choices: readonly Choice<T>[]): Promise<T[]> {
    const options = choices.map(sanitizeChoice);
    const initialValues = options.map(({ value }) => value);
    const indexes = unlessCancelled(
      await prompts.multiselect({ ...this.#common, message, options, initialValues, required: true }),
    );
    return choices.filter((_, index) => indexes.includes(index)).map(({ value }) => value);
  }

  async confirm(message: string, initialValue: boolean): Promise<boolean> {
    return unlessCancelled(await prompts.confirm({ ...this.#common, message, initialValue }));
  }
}

/** The value is the choice's number, because choices may be of any type. */
function sanitizeChoice({ label, hint }: Choice<unknown>, value: number) {
  return { value, label: sanitizeText(label), ...(hint !== undefined && { hint: sanitizeText(hint) }) };
}

function unlessCancelled<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer === 'symbol') throw new PromptCancelled();
  return answer as Exclude<T, symbol>;
}
