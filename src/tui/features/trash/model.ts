import type { Author } from '../../home/home-data.ts';
import type { ConfigVersion } from '../../kernel/call.ts';
import type { ListFilter } from '../../ui/list-filter.ts';
import { NO_LIST_FILTER } from '../../ui/list-filter.ts';

declare module '../../kernel/model.ts' {
  interface State {
    trash: TrashState;
  }
  interface ViewParams {
    /** What was deleted. */
    trash: object;
  }
  interface EventKinds {
    /** What lies in the trash, the latest first. */
    trash: { rows: readonly TrashRow[] };
    /** A version of a configuration was brought back from the trash, over what was there. */
    config_restored: { name: string; before: ConfigVersion | null; after: ConfigVersion };
  }
  interface EffectKinds {
    /**
     * Brings a version of a configuration back from its file in the trash; `ifRevision` is what must be there now, `null`
     * for none.
     */
    restore_config: { name: string; file: string; ifRevision: string | null };
  }
  interface SubscriptionKinds {
    /** `trash` events: what was deleted and can be brought back. */
    trash: object;
  }
}

/** Something that lies in the home's trash. */
export interface TrashRow {
  readonly kind: 'job' | 'config';
  /** The job's id or the configuration's name. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly deletedAt: number;
  readonly by: Author;
  readonly file: string;
  /** What it was, in one line. */
  readonly about: string;
  /** Of a configuration the revision of its text; `null` for a job. */
  readonly revision: string | null;
}

/** What lies in the trash, and where one is in the list. */
export interface TrashState {
  /** The latest first; `undefined` until they were read. */
  readonly rows: readonly TrashRow[] | undefined;
  /** The file of the selected one. */
  readonly selected: string | undefined;
  readonly index: number;
  readonly top: number;
  readonly filter: ListFilter;
}

export const NO_TRASH: TrashState = {
  ...{ rows: undefined, selected: undefined, index: 0, top: 0 },
  filter: NO_LIST_FILTER,
};
