import { isDeepStrictEqual } from 'node:util';
import { DEFINITION_FIELDS, type DefinitionField, type JobDefinition } from '../../core/job/definition.ts';
import type { Author } from '../home/home-data.ts';
import type { JobRow } from '../home/job-row.ts';
import { definitionFieldOf, FORM_FIELDS } from './fields.ts';
import { type Clash, type Form, type StoredJob, UNCHECKED } from './form.ts';
import { differs, type FormTexts, newTexts, textsOf } from './texts.ts';

/** The form after a look at its job in the home: what others did meanwhile is taken in, and nothing of one's own lost. */
export function followJob(form: Form, row: JobRow | undefined): Form {
  // What is being stored comes back with the answer.
  if (form.jobId === undefined || form.storing !== undefined) return form;
  if (row === undefined) return form.gone?.kind === 'deleted' ? form : { ...form, gone: { kind: 'deleted' } };
  if (row.definition === null) {
    const reason = row.error ?? 'Its file cannot be used.';
    return form.gone?.kind === 'unusable' && form.gone.reason === reason
      ? form
      : { ...form, gone: { kind: 'unusable', reason } };
  }
  const found = { definition: row.definition, revision: row.revision };
  // What the home tells may be older than the answer that we have had; a job that was gone begins anew.
  if (form.gone === undefined && form.base !== undefined && row.revision <= form.base.revision) return form;
  return takeIn(form, found, row.updatedBy);
}

/**
 * The form on top of another version of its job. Fields that nobody touched here become what they are now; one that was
 * changed here, too, and to something else, is a clash: what stands here stays until somebody decides.
 */
export function takeIn(form: Form, now: StoredJob, by: Author): Form {
  const { base, stored: before, texts: mine } = form;
  if (base === undefined) return form;
  const theirs = textsOf(now.definition, form.jobId);
  const changed = DEFINITION_FIELDS.filter(
    (field) => !isDeepStrictEqual(base.definition[field], now.definition[field]),
  );
  const taken = changed.filter((field) => !differs(mine, before, field));
  const texts = taken.length === 0 ? mine : copied(mine, theirs, taken);
  const clashes = clashesAfter(form, now, { theirs, changed, by });
  const news = changed.length === 0 ? form.news : { by, taken };
  const cursor = form.focus === 'more' ? 0 : Math.min(form.cursor, texts[form.focus].length);
  return { ...form, base: now, stored: theirs, texts, clashes, news, cursor, gone: undefined };
}

function clashesAfter(
  { base, stored: before, texts: mine, clashes }: Form,
  now: StoredJob,
  { theirs, changed, by }: { theirs: FormTexts; changed: readonly DefinitionField[]; by: Author },
): readonly Clash[] {
  const kept = clashes.filter(({ field }) => !changed.includes(field));
  const fresh = changed
    .filter((field) => differs(mine, before, field) && differs(mine, theirs, field))
    .map((field): Clash => {
      const earlier = clashes.find((clash) => clash.field === field);
      return { field, by, before: earlier === undefined ? base?.definition[field] : earlier.before };
    })
    // Somebody took back what somebody did.
    .filter(({ field, before: first }) => !isDeepStrictEqual(first, now.definition[field]));
  return [...kept, ...fresh];
}

/** The clashes that are still to be decided: here stands something else than in the store. */
export function openClashes(form: Form): readonly Clash[] {
  return form.clashes.filter(({ field }) => differs(form.texts, form.stored, field));
}

/** The form with each clash decided: what stands in the store is taken for these fields, what stands here for the others. */
export function decide(form: Form, theirs: readonly DefinitionField[]): Form {
  return { ...form, texts: copied(form.texts, form.stored, theirs), clashes: [] };
}

/** The same form for a job that is still to be made: what is filled in stays. */
export function asNewJob(form: Form): Form {
  const texts: FormTexts = { ...form.texts, job_id: '' };
  const isNew = { jobId: undefined, base: undefined, stored: newTexts(''), texts, check: UNCHECKED };
  return { ...form, ...isNew, gone: undefined, clashes: [], news: undefined, focus: 'job_id', cursor: 0 };
}

/** What an operation's answer says of a job. */
export function storedOf(job: Readonly<Record<string, unknown>> & { revision: number }): StoredJob {
  const fields = DEFINITION_FIELDS.map((field) => [field, job[field]]);
  return { definition: Object.fromEntries(fields) as unknown as JobDefinition, revision: job.revision };
}

function copied(to: FormTexts, from: FormTexts, fields: readonly DefinitionField[]): FormTexts {
  const paths = FORM_FIELDS.map(({ path }) => path).filter((path) => {
    const field = definitionFieldOf(path);
    return field !== undefined && fields.includes(field);
  });
  return { ...to, ...Object.fromEntries(paths.map((path) => [path, from[path]])) };
}
