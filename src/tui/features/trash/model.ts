import type { Author } from '../../home/home-data.ts';
import type { ConfigVersion } from '../../kernel/call.ts';
import { type ListFilter, NO_LIST_FILTER } from '../../ui/list-filter.ts';

declare module '../../kernel/model.ts' {
  interface State {
    trash: TrashState;
  }
  interface ViewParams {
    /** The trash. */
    trash: object;
  }
  interface EventKinds {
    /** The content of the trash, latest first. */
    trash: { rows: readonly TrashRow[] };
    /** The text of an entry. */
    trash_text: TrashText;
    /** A version of a configuration was restored from the trash, over the current one. */
    config_restored: { name: string; before: ConfigVersion | null; after: ConfigVersion };
  }
  interface EffectKinds {
    /**
     * Restores a version of a configuration from its file in the trash. `ifRevision` is the required current revision;
     * `null` requires that there is none.
     */
    restore_config: { name: string; file: string; ifRevision: string | null };
  }
  interface SubscriptionKinds {
    /** `trash` events: the deleted jobs and configurations that can be restored. */
    trash: object;
    /** A `trash_text` event: the text of the entry in this file, once the cursor stays on it. */
    trash_text: { file: string };
  }
}

/** The text of a job or a configuration in the trash. Files there never change. */
export interface TrashText {
  readonly file: string;
  readonly text: string;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** An entry in the home's trash. */
export interface TrashRow {
  readonly kind: 'job' | 'config';
  /** The job's id or the configuration's name. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly deletedAt: number;
  readonly by: Author;
  readonly file: string;
  /** A summary in one line. */
  readonly about: string;
  /** The revision of a configuration's text; `null` for a job. */
  readonly revision: string | null;
}

/** The content of the trash, and the position in the list. */
export interface TrashState {
  /** Latest first; `undefined` until they were read. */
  readonly rows: readonly TrashRow[] | undefined;
  /** The file of the selected entry. */
  readonly selected: string | undefined;
  readonly index: number;
  readonly top: number;
  readonly filter: ListFilter;
  /** The text that was read last, which may be that of another entry than the selected one. */
  readonly text: TrashText | undefined;
  /** The first visible row of the text. */
  readonly textTop: number;
}

export const NO_TRASH: TrashState = {
  rows: undefined,
  selected: undefined,
  index: 0,
  top: 0,
  filter: NO_LIST_FILTER,
  text: undefined,
  textTop: 0,
};
