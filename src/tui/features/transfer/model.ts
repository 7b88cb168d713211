import type { ImportEntry } from '../../../core/operations/import-bundle.ts';
import type { ConfigVersion, JobVersion } from '../../kernel/call.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';

declare module '../../kernel/model.ts' {
  interface DialogParams {
    /** The path of a file to write or to read. */
    file_path: FilePrompt;
    /** What an import of a bundle would do, before it is done. */
    import_preview: ImportPlan & { top: number };
  }
  interface EffectKinds {
    /** Writes a bundle; it returns as a `transfer` event, as the next three do. `jobIds`: only these jobs. */
    export_bundle: { path: string; jobIds?: readonly string[]; replace: boolean };
    /** Says what an import would do. */
    read_bundle: { path: string };
    /** Imports a bundle if its text is still the one that was read; also returns as an `imported` event. */
    import_bundle: { path: string; revision: string };
    /** Copies the database into a file. */
    back_up: { path: string; replace: boolean };
  }
  interface EventKinds {
    /** What came of a file: `path` is as the user wrote it. */
    transfer: { path: string; result: TransferResult };
    /** Jobs and configurations that an import has created. */
    imported: {
      readonly jobs: readonly { readonly id: string; readonly version: JobVersion }[];
      readonly configs: readonly { readonly name: string; readonly version: ConfigVersion }[];
    };
  }
}

/** The tasks whose file is asked for. */
export type FileTask = 'export' | 'import' | 'backup' | 'restore';

export interface FilePrompt {
  readonly task: FileTask;
  readonly line: EditedLine;
  /** Export only these jobs and what they need. */
  readonly jobIds?: readonly string[];
  readonly problem?: string;
  /** The path of an existing file that Enter replaces, because the user has been asked. */
  readonly replaces?: string;
  /** The file is being written or read. */
  readonly isBusy?: true;
}

export type TransferResult =
  | { readonly kind: 'done'; readonly tone: 'good' | 'warning'; readonly text: string }
  /** The file exists and was not replaced. */
  | { readonly kind: 'exists' }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'read'; readonly plan: ImportPlan };

/** What an import of a file would do. */
export interface ImportPlan {
  /** As the user wrote it. */
  readonly path: string;
  /** The revision of the file's text. */
  readonly revision: string;
  /** New ones first, unchanged ones last. */
  readonly entries: readonly ImportEntry[];
  /** The number of new jobs that the scheduler will start by itself. */
  readonly enabled: number;
}
