import { paramsInConfig } from '../../../core/configs/config-values.ts';
import { withHint } from '../../../core/lib/text.ts';
import { findJobRow, toAuthor } from '../../home/home-data.ts';
import type { AnswerEvent, Failure } from '../../kernel/call.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { currentView, step } from '../../kernel/step.ts';
import type { ConfigRow } from '../config-editor/model.ts';
import type { ViewRules } from '../define-feature.ts';
import { awaitJob } from '../jobs/await-job.ts';
import { selectWhenListed } from '../jobs/reducer.ts';
import { mergeStoredJob, rebaseForm, toStoredJob } from './changes.ts';
import { inputToForm } from './edit-form.ts';
import {
  applicableFields,
  isFormTag,
  isStoreTag,
  nextTag,
  openPanel,
  refocused,
  UNCHECKED,
  withForm,
} from './form.ts';
import { afterFormChange, formTestSubscriptions, onFormTestEnded, reviewForm } from './form-calls.ts';
import { FORM_PANES } from './form-rows.ts';
import type { Form, FormProblem } from './model.ts';
import { closeForm, inSettingsZone, leaveForm, onEditorClosed } from './open-form.ts';
import { closestField } from './problems.ts';

/** The form of a job, new or stored. */
export const formRules: ViewRules = {
  title: ({ form: { open } }) => (open?.jobId === undefined ? 'New job' : `Edit ${open.jobId}`),
  panes: () => FORM_PANES,
  ownsTab: true,
  onInput: inputToForm,
  onLeave: leaveForm,
  subscriptions: (state) => [{ kind: 'configs' }, ...formTestSubscriptions(state)],
  isTyping: ({ form: { open } }) => open !== undefined,
};

/** Applies events of the home to the open form, and handles the answers to its calls. */
export const formReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'home':
      return afterHome(state);
    case 'configs':
      return afterFormChange(step(checkedAgain(withConfigs(state, event.rows))));
    case 'test_run_ended':
      return step(onFormTestEnded(state, event.id, event.outcome));
    case 'resize':
      return afterFormChange(step(state));
    case 'text_edited':
      return afterFormChange(onEditorClosed(state, event.tag, event.text));
    case 'answer':
      return isFormTag(event.tag) ? afterFormChange(afterAnswer(state, event)) : step(state);
    default:
      return step(state);
  }
};

function afterHome(state: State): Step {
  const form = state.form.open;
  if (form === undefined) return step(state);
  const rebased =
    form.jobId === undefined
      ? inSettingsZone(form, state)
      : rebaseForm(form, findJobRow(state.home?.jobs ?? [], form.jobId));
  return afterFormChange(step(checkedAgain(withForm(state, rebased))));
}

/** Validates again, because a problem such as a missing configuration may be fixed by now. */
function checkedAgain(state: State): State {
  const form = state.form.open;
  if (form?.check.problem === undefined || form.check.asking !== undefined) return state;
  return withForm(state, { ...form, check: { ...form.check, texts: undefined } });
}

function afterAnswer(state: State, answer: AnswerEvent): Step {
  const form = state.form.open;
  if (form !== undefined && form.check.asking?.tag === answer.tag)
    return step(withForm(state, checked(form, answer)));
  if (form !== undefined && form.storing === answer.tag)
    return afterStoring(state, { ...form, storing: undefined, held: [] }, { answer, held: form.held });
  // The form was closed meanwhile. A notice reports whether its job was stored.
  return isStoreTag(answer.tag) ? step(withStoredNotice(state, answer)) : step(state);
}

function withConfigs(state: State, rows: readonly ConfigRow[]): State {
  const form = state.form.open;
  if (form === undefined) return state;
  const configs = rows.map(({ name }) => name);
  const declared = Object.fromEntries(
    rows.flatMap(({ name, yaml, problem }) => {
      const params = problem === null ? paramsInConfig(yaml) : undefined;
      return params === undefined ? [] : [[name, params]];
    }),
  );
  const [only, second] = configs;
  // A single configuration is selected automatically.
  const isUntouched = form.jobId === undefined && form.texts === form.stored && form.texts.config_name === '';
  const texts =
    only === undefined || second !== undefined || !isUntouched
      ? form.texts
      : { ...form.texts, config_name: only };
  const stored = texts === form.texts ? form.stored : texts;
  const cursor =
    texts !== form.texts && form.focus === 'config_name' ? texts.config_name.length : form.cursor;
  return withForm(state, refocused({ ...form, configs, declared, texts, stored, cursor }, form));
}

const RESUMES_JOB_NOTE = 'It is paused after failures; storing this resumes it.';

function checked(form: Form, answer: AnswerEvent): Form {
  const texts = form.check.asking?.texts;
  const done = { ...UNCHECKED, texts };
  if (!answer.ok) return { ...form, check: { ...done, problem: problemOf(form, answer.failure) } };
  if (answer.name !== 'create_job' && answer.name !== 'update_job') return form;
  const { output } = answer;
  const isResumed = 'changed' in output && output.changed.includes('paused');
  const { warnings: noticed } = output;
  const warnings = isResumed ? [...noticed, RESUMES_JOB_NOTE] : noticed;
  return { ...form, check: { ...done, warnings } };
}

/** The problem of a field in an operation's failure; `undefined` when the failure is not about a field. */
function problemOf(form: Form, { code, message, field, hint }: Failure): FormProblem | undefined {
  if (code === 'job_not_found' || code === 'store_unavailable' || code === 'internal') return undefined;
  if (field === undefined || field === 'if_revision') return undefined;
  const name = code === 'invalid_schedule' ? `schedule.${field}` : field;
  const path = closestField(name.replace(/^changes\./, ''), applicableFields(form));
  return { path, message, ...(hint !== undefined && { hint }) };
}

function afterStoring(
  before: State,
  form: Form,
  { answer, held }: { answer: AnswerEvent; held: Form['held'] },
): Step {
  const state = withForm(before, form);
  if (!answer.ok) return afterRefusal(state, form, answer.failure);
  switch (answer.name) {
    case 'create_job': {
      const closed = closeForm(state);
      // The next step is to run it, whichever view the form was opened from.
      const isSeen = currentView(state).name === 'form';
      const stored = withStoredNotice(isSeen ? atJobs(closed) : closed, answer);
      return isSeen ? awaitJob(stored, answer.output.job.id, held) : step(stored);
    }
    case 'update_job':
      return step(closeForm(withStoredNotice(state, answer)));
    case 'restore_job':
    case 'get_job': {
      const { job } = answer.output;
      const by = answer.name === 'restore_job' ? null : toAuthor(String(job['updated_by'] ?? ''));
      const taken = mergeStoredJob(form, toStoredJob(job), by);
      // Storing continues where it stopped: the review shows the changes against the new version.
      const noticed =
        answer.name === 'restore_job' ? withNotice(state, 'good', `${job.id} is back.`, job.id) : state;
      return reviewForm(withForm(noticed, taken));
    }
    default:
      return step(state);
  }
}

function atJobs(state: State): State {
  return { ...state, views: state.views.slice(0, 1), pane: 'main' };
}

function afterRefusal(state: State, form: Form, failure: Failure): Step {
  const { code, field, message, hint } = failure;
  if (code === 'conflict' && field === 'if_revision' && form.jobId !== undefined) {
    const [counted, tag] = nextTag(state, 'reread');
    const reading = withForm(counted, { ...form, storing: tag });
    return step(reading, { kind: 'call', name: 'get_job', params: { job_id: form.jobId }, tag, quiet: true });
  }
  if (code === 'job_not_found' && form.jobId !== undefined) {
    const gone = withForm(state, { ...form, gone: { kind: 'deleted' } });
    return step(openPanel(withNotice(gone, 'bad', withHint(message, hint)), { is: 'gone' }));
  }
  const problem = problemOf(form, failure);
  if (problem === undefined) return step(withNotice(state, 'bad', withHint(message, hint)));
  const check = { ...UNCHECKED, texts: form.texts, problem };
  return reviewForm(withForm(state, { ...form, check }));
}

/** The key that runs the created job, where it does: in the list, with nothing that hides it and no marked jobs. */
function runKeyHint(state: State): string {
  const { filterPrompt, table } = state.jobs;
  const isSelected = currentView(state).name === 'jobs' && filterPrompt.line.text === '';
  return isSelected && table.marks.size === 0 ? ' r runs it now.' : '';
}

function withStoredNotice(state: State, answer: AnswerEvent): State {
  if (!answer.ok) return withNotice(state, 'bad', withHint(answer.failure.message, answer.failure.hint));
  if (answer.name === 'create_job') {
    const { job, created } = answer.output;
    return withNotice(
      selectWhenListed(state, job.id),
      'good',
      created ? `${job.id} was created.${runKeyHint(state)}` : `${job.id} exists already, with these fields.`,
      job.id,
    );
  }
  if (answer.name !== 'update_job') return state;
  const { job, changed } = answer.output;
  const fields = changed.filter((field) => field !== 'paused');
  const what = fields.length === 0 ? `${job.id} is saved.` : `${job.id} was saved: ${fields.join(', ')}.`;
  const text = changed.includes('paused') ? `${what} It is no longer paused.` : what;
  return withNotice(state, 'good', text, job.id);
}
