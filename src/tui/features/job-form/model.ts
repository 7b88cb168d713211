import type { DefinitionField, JobDefinition } from '../../../core/model/definition.ts';
import type { JobExpectFields } from '../../../core/model/expectations.ts';
import type { Author } from '../../home/home-data.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';
import type { TestRunOutcome } from '../config-editor/model.ts';

declare module '../../kernel/model.ts' {
  interface State {
    form: FormState;
  }
  interface ViewParams {
    /** A job's form; what is in it is in the state's `form`. */
    form: object;
  }
  interface DialogParams {
    /** What lies over the form of a job. */
    form: { panel: FormPanel };
  }
}

/** What the dashboard remembers of forms. */
export interface FormState {
  /** The form that is filled in. */
  open: Form | undefined;
  /** Jobs whose JSON is, or was last, in an editor without having become a form, by their id. */
  drafts: Readonly<Record<string, JsonDraft>>;
  /** How many calls have been made: each has a tag of its own, so that a late answer is known as one. */
  calls: number;
}

export interface JsonDraft {
  stored: StoredJob;
  /** What the editor is given, or gave back. */
  text: string;
  /** Why that is no job, and where. */
  rejected: { message: string; hint?: string; line?: number; column?: number } | undefined;
}

export const NO_FORM: FormState = { open: undefined, drafts: {}, calls: 0 };

/** A job's definition as it is stored, with the revision that a change of it refers to. */
export interface StoredJob {
  definition: JobDefinition;
  revision: number;
}

/** The fields of a job while somebody fills them in. Plain data, never changed in place. */
export interface Form {
  /** The job that is edited; `undefined` for a new one. */
  jobId: string | undefined;
  /** The job as it is stored by what is known now; `undefined` for a new one. */
  base: StoredJob | undefined;
  /** What stands in the fields when nothing is changed. */
  stored: FormTexts;
  texts: FormTexts;
  /** The time zone of a schedule that says none. */
  zone: string;
  /** The field that has the keys; `more` is the line that unfolds the rest. */
  focus: FieldPath | 'more';
  /** Where the cursor is in the text of that field. */
  cursor: number;
  unfolded: boolean;
  /** The first row that is shown. */
  top: number;
  /** Fields that have been left or changed: what is wrong with others is not said yet. */
  visited: readonly FieldPath[];
  /** The configurations there are; `undefined` until that is known. */
  configs: readonly string[] | undefined;
  check: FormCheck;
  /** What somebody else last changed while the form was open. */
  otherChange: { by: Author; taken: readonly DefinitionField[] } | undefined;
  /** Fields that somebody else changed and that are changed here, too. */
  conflicts: readonly FieldConflict[];
  /** Why there is nothing any more that could be changed. */
  gone: { kind: 'deleted' } | { kind: 'unusable'; reason: string } | undefined;
  /** The tag of the call that stores it, until that is answered. */
  storing: string | undefined;
  test: FormTest | undefined;
}

/** A field that two people changed. What it is now in the store stands in the form's `base`. */
export interface FieldConflict {
  field: DefinitionField;
  by: Author;
  /** Its value before either did. */
  before: unknown;
}

export interface FormProblem {
  path: FieldPath;
  message: string;
  hint?: string;
}

/** What the operation says of the fields when it is asked to store nothing. */
export interface FormCheck {
  /** The texts that it was last asked of, and the tag under which the answer comes. */
  asking: { tag: string; texts: FormTexts } | undefined;
  /** The texts that the rest is about. */
  texts: FormTexts | undefined;
  problem: FormProblem | undefined;
  warnings: readonly string[];
}

/** A try of the configuration, looked after as long as it is shown (`watches`). */
export interface FormTest {
  id: number;
  configName: string;
  /** `undefined` while it goes on. */
  outcome: TestRunOutcome | undefined;
}

/** What lies over a form and has the keys. */
export type FormPanel =
  /** The values that a field may have. */
  | { is: 'pick'; path: FieldPath; query: EditedLine; index: number }
  /** What storing changes, to be looked at before. */
  | { is: 'review'; top: number }
  /** Fields that somebody else changed, too: for each, whose value it is to be. */
  | { is: 'merge'; index: number; theirs: readonly DefinitionField[] }
  /** Asks before changes are thrown away. */
  | { is: 'leave' }
  /** The job is no longer there. */
  | { is: 'gone' }
  /** What a try of the configuration has brought. */
  | { is: 'test'; top: number }
  /** What came back from the editor is no job. */
  | { is: 'rejected'; jobId: string };

/** What stands in each field of a form. */
export type FormTexts = Readonly<Record<FieldPath, string>>;

/** `schedule.time` and `expect.min_items` are parts of the fields `schedule` and `expect`; `job_id` is no field of a definition. */
export type FieldPath =
  | 'job_id'
  | Exclude<DefinitionField, 'schedule' | 'expect'>
  | `schedule.${SchedulePart}`
  | `expect.${keyof JobExpectFields}`;

export type SchedulePart =
  | 'type'
  | 'date'
  | 'time'
  | 'minute'
  | 'day_of_week'
  | 'day_of_month'
  | 'cron_expression'
  | 'timezone';
