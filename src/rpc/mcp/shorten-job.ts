import { isDeepStrictEqual } from 'node:util';
import { DEFAULTS } from '../../core/model/definition-defaults.ts';

type Fields = Record<string, unknown>;

/** Who wrote the job and when, and how its file is made: of use to few. */
const BOOKKEEPING_FIELDS = ['schema_version', 'created_at', 'updated_at', 'created_by', 'updated_by'];
/** They are told also when they are as they are for every job. */
const ALWAYS_SHOWN_FIELDS = ['enabled'];

const SHORTENED_NOTE =
  'without fields at their defaults and bookkeeping; the resource quickscrape://jobs/{job_id} has all of it';

/** The answer with its job in short: only what is not the same for most jobs, and the fields that were changed. */
export function shortenJob(answer: Fields): Fields {
  const { job, changed, shortened } = answer;
  if (typeof job !== 'object' || job === null) return answer;
  const shownFields = Array.isArray(changed) ? [...ALWAYS_SHOWN_FIELDS, ...changed] : ALWAYS_SHOWN_FIELDS;
  const kept = Object.entries(job).filter(
    ([name, value]) =>
      shownFields.includes(name) || !(isDefault(name, value) || BOOKKEEPING_FIELDS.includes(name)),
  );
  return {
    ...answer,
    job: Object.fromEntries(kept),
    shortened: { ...(shortened as Fields | undefined), job: SHORTENED_NOTE },
  };
}

function isDefault(name: string, value: unknown): boolean {
  if (value === null) return true;
  return Object.hasOwn(DEFAULTS, name) && isDeepStrictEqual(value, DEFAULTS[name as keyof typeof DEFAULTS]);
}
