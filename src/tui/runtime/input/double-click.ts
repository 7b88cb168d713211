import { type Input, isClick, type MouseInput } from '../../ui/input.ts';

/** The longest time between the two presses of a double click. */
const DOUBLE_CLICK_MS = 400;
/** A hand moves the mouse a little between the presses. */
const MAX_COLUMNS_APART = 1;

/** Recognizes double clicks, which terminals report as two clicks. */
export class DoubleClicks {
  #last: { input: MouseInput; at: number } | undefined;

  /**
   * Returns the input, marked if it is the second press of a double click.
   * @param at the time of the input on any clock, in milliseconds
   */
  mark(input: Input, at: number): Input {
    if (!isClick(input)) return input;
    const last = this.#last;
    const isDouble =
      last !== undefined &&
      at - last.at <= DOUBLE_CLICK_MS &&
      last.input.row === input.row &&
      Math.abs(last.input.column - input.column) <= MAX_COLUMNS_APART;
    // A third press is the first one of the next double click.
    this.#last = isDouble ? undefined : { input, at };
    return isDouble ? { ...input, double: true } : input;
  }
}
