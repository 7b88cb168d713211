import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { parseDefinition } from '../../../core/model/definition.ts';
import { parseName } from '../../../core/model/ids.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { toFailure } from '../../kernel/call.ts';
import { FORM_FIELDS } from './fields.ts';
import { applicableFields } from './form.ts';
import { parseFormTexts, scheduleOf } from './form-values.ts';
import type { FieldPath, Form, FormProblem, FormTexts } from './model.ts';

const PLACEHOLDER_SCHEDULE = { type: 'daily', time: '00:00', timezone: 'UTC' } as const;

/**
 * The problems in a form, in the order of its fields: those from the job's schema, which are the same in every
 * interface, and those that the operation has reported since.
 */
export function problemsOf(form: Form): readonly FormProblem[] {
  const found = schemaProblems(form);
  const { texts, problem } = form.check;
  return texts === form.texts && problem !== undefined && found.length === 0 ? [problem] : found;
}

/** The problems to show: those of visited fields. */
export function visibleProblems(form: Form): readonly FormProblem[] {
  return problemsOf(form).filter(({ path }) => form.visited.includes(path));
}

const checked = new WeakMap<FormTexts, { base: Form['base']; problems: readonly FormProblem[] }>();

function schemaProblems(form: Form): readonly FormProblem[] {
  const known = checked.get(form.texts);
  if (known !== undefined && known.base === form.base) return known.problems;
  const order = FORM_FIELDS.map(({ path }) => path);
  const applicable = applicableFields(form);
  const problems = [...idProblems(form), ...scheduleProblems(form), ...otherProblems(form)]
    .map(({ path, ...rest }) => ({ ...rest, path: closestField(path, applicable) }))
    .sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
  checked.set(form.texts, { base: form.base, problems });
  return problems;
}

type Found = Omit<FormProblem, 'path'> & { path: string };

function idProblems({ jobId, texts }: Form): Found[] {
  const wanted = texts.job_id.trim();
  if (jobId !== undefined || wanted === '') return [];
  return refusals(() => parseName(wanted, 'job_id'));
}

function scheduleProblems({ texts, zone }: Form): Found[] {
  return refusals(() => JobSchedule.fromDict({ timezone: zone, ...scheduleOf(texts) })).map(
    ({ path, ...rest }) => ({
      ...rest,
      path: `schedule.${path}`,
    }),
  );
}

function otherProblems({ texts, base }: Form): Found[] {
  return refusals(() =>
    parseDefinition({ ...parseFormTexts(texts, base?.definition), schedule: PLACEHOLDER_SCHEDULE }),
  );
}

function refusals(check: () => unknown): Found[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const { field = '', message, hint, issues } = toFailure(error);
    const all = issues ?? [{ path: field, message, ...(hint !== undefined && { hint }) }];
    return all.map(({ path, message: text, hint: next }) => ({
      path,
      message: text,
      ...(next !== undefined && { hint: next }),
    }));
  }
}

/** The field of the form that fixes a path: `tags.0` belongs to `tags`, `schedule` to its type. */
export function closestField(path: string, among: readonly FieldPath[]): FieldPath {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const head = parts.slice(0, length).join('.');
    const found = among.find((one) => one === head) ?? among.find((one) => one.startsWith(`${head}.`));
    if (found !== undefined) return found;
  }
  return 'config_name';
}
