import type { OpenableHome } from '../../home/openable-home.ts';

declare module '../../kernel/model.ts' {
  interface DialogParams {
    /** The homes that can be opened; `listing` is `undefined` until they were read. */
    homes: { listing: HomesListing | undefined; index: number; refused?: RefusedHome };
  }
  interface EffectKinds {
    /** Reads the homes that have names. They return as a `homes_read` event. */
    read_homes: object;
    /** Closes the dashboard of this home and opens that of another one. */
    open_home: { home: OpenableHome };
  }
  interface EventKinds {
    homes_read: { listing: HomesListing };
    /** The home that was chosen could not be opened: this one is shown again. */
    home_refused: RefusedHome;
  }
}

/** A home that could not be opened. */
export interface RefusedHome {
  readonly label: string;
  /** Why, and what to do. */
  readonly why: string;
}

export interface HomesListing {
  /** `homes.yaml`. */
  readonly file: string;
  /** The name of this machine, if the dashboard is shown on another one. */
  readonly machine?: string;
  readonly homes: readonly OpenableHome[];
  /** What is wrong in the file, each with its line. */
  readonly problems: readonly string[];
}
