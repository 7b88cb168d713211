import { hintForName } from '../../../core/lib/closest-names.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { isRecord } from '../../../core/lib/json.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { parseDefinition } from '../../../core/model/definition.ts';
import { parseName } from '../../../core/model/ids.ts';
import { resolveParams } from '../../../core/model/params.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { toFailure } from '../../kernel/call.ts';
import { applicableFields } from './form.ts';
import { isFieldChanged, parseFormTexts, scheduleOf } from './form-values.ts';
import type { FieldPath, Form, FormProblem, FormTexts, ParamPath } from './model.ts';
import { declaredParams } from './param-fields.ts';
import { isParamPath, paramPath, parseParamValues, textAt } from './param-texts.ts';

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

/**
 * The problems to show: those of visited fields, and of values of parameters. The configuration of a stored job may have
 * changed since, and then its values are wrong before anybody visits them.
 */
export function visibleProblems(form: Form): readonly FormProblem[] {
  const { texts, visited } = form;
  const problems = needsValidParams(form) ? problemsOf(form) : [...problemsOf(form), ...paramProblems(form)];
  return problems.filter(
    ({ path }) => visited.includes(path) || (isParamPath(path) && textAt(texts, path) !== ''),
  );
}

const checked = new WeakMap<
  FormTexts,
  Pick<Form, 'base' | 'declared'> & { problems: readonly FormProblem[] }
>();

function schemaProblems(form: Form): readonly FormProblem[] {
  const { base, declared, texts } = form;
  const known = checked.get(texts);
  if (known !== undefined && known.base === base && known.declared === declared) return known.problems;
  const order = applicableFields(form);
  const problems = [
    ...[...idProblems(form), ...scheduleProblems(form), ...otherProblems(form)].map(({ path, ...rest }) => ({
      ...rest,
      path: closestField(path, order),
    })),
    ...(needsValidParams(form) ? paramProblems(form) : []),
  ].sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
  checked.set(texts, { base, declared, problems });
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

/**
 * Whether wrong values of parameters keep the form from being stored. As `update_job` does, it lets a job whose values do
 * not fit any more be changed otherwise.
 */
function needsValidParams({ jobId, stored, texts }: Form): boolean {
  return (
    jobId === undefined ||
    isFieldChanged(texts, stored, 'params') ||
    isFieldChanged(texts, stored, 'config_name')
  );
}

/** What the configuration of the form does not allow, as the operations say it. */
function paramProblems(form: Form): FormProblem[] {
  const { base, texts } = form;
  const declared = declaredParams(form);
  const values = parseParamValues(texts, base?.definition.params) ?? {};
  if (declared === undefined || !isRecord(values)) return [];
  const names = Object.keys(values);
  const known = names.filter((name) => Object.hasOwn(declared, name));
  const unknown = names.filter((name) => !Object.hasOwn(declared, name));
  return [
    ...unknown.map((name) => ({
      path: paramPath(name),
      message: sanitizeText(`params.${name}: unknown field`),
      hint: undeclaredHint(name, Object.keys(declared)),
    })),
    ...refusals(() =>
      resolveParams(declared, Object.fromEntries(known.map((name) => [name, values[name]]))),
    ).map((problem) => ({ ...problem, path: problem.path as ParamPath })),
  ];
}

function undeclaredHint(name: string, names: readonly string[]): string {
  const allowed = names.length === 0 ? 'The configuration declares no parameters.' : hintForName(name, names);
  return `${allowed}${/[.?]$/.test(allowed) ? '' : '.'} Empty the row to remove the value.`;
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
