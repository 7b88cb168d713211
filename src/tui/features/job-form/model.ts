import type { DefinitionField, JobDefinition } from '../../../core/model/definition.ts';
import type { JobExpectFields } from '../../../core/model/expectations.ts';
import type { ParamDeclarations, ParamValues } from '../../../core/model/params.ts';
import type { ScheduleField } from '../../../core/schedule/kinds.ts';
import type { Author } from '../../home/home-data.ts';
import type { KeyInput } from '../../ui/input.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';
import type { TestRunOutcome } from '../config-editor/model.ts';

declare module '../../kernel/model.ts' {
  interface State {
    form: FormState;
  }
  interface ViewParams {
    /** The form of a job; its content is in the state's `form`. */
    form: object;
  }
  interface DialogParams {
    /** The panel over a job's form. */
    form: { panel: FormPanel };
  }
}

/** The state of the job forms. */
export interface FormState {
  /** The open form. */
  open: Form | undefined;
  /** Edited JSON texts of jobs that have not become a form, by job id. They are in an editor, or were rejected. */
  drafts: Readonly<Record<string, JsonDraft>>;
  /** A counter of calls. Each call has its own tag, so that a late answer is recognized. */
  calls: number;
}

export interface JsonDraft {
  stored: StoredJob;
  /** The text that the editor opens, or returned last. */
  text: string;
  /** Why the text is not a valid job, and the position of the error. */
  rejected: { message: string; hint?: string; line?: number; column?: number } | undefined;
}

export const NO_FORM: FormState = { open: undefined, drafts: {}, calls: 0 };

/** A stored definition with the revision that an update refers to. */
export interface StoredJob {
  definition: JobDefinition;
  revision: number;
}

/** The fields of a job while the user edits them. Plain, immutable data. */
export interface Form {
  /** The edited job; `undefined` for a new one. */
  jobId: string | undefined;
  /** The stored job as last read; `undefined` for a new one. */
  base: StoredJob | undefined;
  /** The texts of the fields without changes. */
  stored: FormTexts;
  texts: FormTexts;
  /** The time zone of a schedule that has none of its own. */
  zone: string;
  /** The field with the focus; `more` is the line that unfolds the rest. */
  focus: FieldPath | 'more';
  /** The cursor's position in the text of that field. */
  cursor: number;
  unfolded: boolean;
  /** The first row in sight. */
  top: number;
  /** Fields that were left or changed. Problems of other fields are not shown yet. */
  visited: readonly FieldPath[];
  /** The names of the configurations; `undefined` until they were read. */
  configs: readonly string[] | undefined;
  /** What those declare as parameters, by name of the configuration; those that cannot be read are left out. */
  declared: Readonly<Record<string, ParamDeclarations>>;
  check: FormCheck;
  /** The last change by another client while the form was open. */
  otherChange: { by: Author; taken: readonly DefinitionField[] } | undefined;
  /** Fields that were changed both here and by another client. */
  conflicts: readonly FieldConflict[];
  /** Why the job can no longer be stored. */
  gone: { kind: 'deleted' } | { kind: 'unusable'; reason: string } | undefined;
  /** The tag of the call that stores the form, until its answer arrives. */
  storing: string | undefined;
  /** Keys that were typed while a new job is being stored. They are about the list in which it then is. */
  held: readonly KeyInput[];
  test: FormTest | undefined;
}

/** A field that was changed here and by another client. The other value is in the form's `base`. */
export interface FieldConflict {
  field: DefinitionField;
  by: Author;
  /** The value before both changes. */
  before: unknown;
}

export interface FormProblem {
  path: FieldPath;
  message: string;
  hint?: string;
}

/** The operation's `dry_run` validation of the fields. */
export interface FormCheck {
  /** The texts of the last request, and the tag of its answer. */
  asking: { tag: string; texts: FormTexts } | undefined;
  /** The texts that the results belong to. */
  texts: FormTexts | undefined;
  problem: FormProblem | undefined;
  warnings: readonly string[];
}

/** A test run of the configuration. It continues while it is shown (see `formTestSubscriptions`). */
export interface FormTest {
  id: number;
  configName: string;
  params: ParamValues;
  /** `undefined` while it is running. */
  outcome: TestRunOutcome | undefined;
}

/** A panel over a form. It receives the keys. */
export type FormPanel =
  /** The choices for a field. */
  | { is: 'pick'; path: FieldPath; query: EditedLine; index: number }
  /** The changes, to review before they are stored. */
  | { is: 'review'; top: number }
  /** The conflicting fields, with a choice for each: this form's value or the other client's. */
  | { is: 'merge'; index: number; theirs: readonly DefinitionField[] }
  /** Asks before changes are discarded. */
  | { is: 'leave' }
  /** The job no longer exists. */
  | { is: 'gone' }
  /** The results of a test run. */
  | { is: 'test'; top: number }
  /** The text from the editor is not a valid job. */
  | { is: 'rejected'; jobId: string };

/** The text of each field of a form. */
export type FormTexts = Readonly<Record<TextPath, string>>;

/** New texts of fields. */
export type FormPatch = Readonly<Partial<Record<FieldPath, string>>>;

/** A field with a row. The text of a parameter is a part of the text of `params`. */
export type FieldPath = TextPath | ParamPath;

/** A parameter of the configuration: `params.city`. */
export type ParamPath = `params.${string}`;

/**
 * `schedule.time` and `expect.min_items` are parts of the fields `schedule` and `expect`. `job_id` is not part of a
 * definition.
 */
export type TextPath =
  | 'job_id'
  | Exclude<DefinitionField, 'schedule' | 'expect'>
  | `schedule.${'type' | ScheduleField | 'timezone'}`
  | `expect.${keyof JobExpectFields}`;
