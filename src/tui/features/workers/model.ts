declare module '../../kernel/model.ts' {
  interface State {
    workers: WorkersState;
  }
  interface ViewParams {
    /** The workers on other machines. */
    workers: object;
  }
}

/** The position in the list of workers; the workers themselves are part of the home. */
export interface WorkersState {
  /** The name of the selected worker. */
  readonly selected: string | undefined;
  readonly index: number;
  readonly top: number;
}

export const NO_WORKERS: WorkersState = { selected: undefined, index: 0, top: 0 };
