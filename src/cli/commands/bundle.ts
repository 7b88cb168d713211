import * as z from 'zod';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { DEFINITION_FIELDS } from '../../core/model/definition.ts';
import { isName } from '../../core/model/job-id.ts';
import type { Workspace } from '../../core/workspace.ts';

const name = z.string().refine(isName, { error: 'a name of lower-case letters, digits, - and _' });

/** What `export` writes and `import` reads: a whole home without its runs, output and secrets. */
const bundleSchema = z.strictObject({
  format: z.literal('quickscrape-bundle'),
  version: z.literal(1),
  exported_at: z.string(),
  settings: z.record(z.string(), z.unknown()),
  configs: z.record(name, z.string()),
  /** Texts among them that clients saved, by revision (ClientRevisions). */
  saved_by_clients: z.array(z.string()).optional(),
  jobs: z.array(z.looseObject({ id: name, config_name: z.string() })),
});

export type Bundle = z.output<typeof bundleSchema>;

/** The home as a bundle; `left` says which job files are not in it, and why. */
export function createBundle(workspace: Workspace): { bundle: Bundle; skipped: string[] } {
  const entries = workspace.jobs.list();
  const jobs = entries.flatMap((entry) => {
    if (entry.kind !== 'valid') return [];
    const { definition } = entry.record;
    return [
      { id: entry.id, ...Object.fromEntries(DEFINITION_FIELDS.map((field) => [field, definition[field]])) },
    ];
  });
  const configs = workspace.configs.list().map(({ name }) => workspace.configs.read(name));
  const clients = new ClientRevisions(workspace.paths);
  const saved = [...new Set(configs.map(({ revision }) => revision))].filter((one) => clients.has(one));
  const bundle: Bundle = {
    format: 'quickscrape-bundle',
    version: 1,
    exported_at: new Date(workspace.clock.now()).toISOString(),
    settings: Object.fromEntries(
      workspace.settings.all().flatMap(({ key, value, set }) => (set ? [[key, value]] : [])),
    ),
    configs: Object.fromEntries(configs.map(({ name, yaml }) => [name, yaml])),
    ...(saved.length > 0 && { saved_by_clients: saved }),
    jobs: jobs as Bundle['jobs'],
  };
  return {
    bundle,
    skipped: entries.flatMap((entry) => (entry.kind === 'valid' ? [] : [describeUnusable(entry)])),
  };
}

/** @throws QuickscrapeError `invalid_params` with each thing wrong, before anything is imported. */
export function readBundle(text: string, file: string): Bundle {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw invalidBundle(file, `it is no JSON: ${(error as Error).message}`);
  }
  const parsed = bundleSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const location = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  throw invalidBundle(file, `${location}${first?.message ?? 'unknown form'}`);
}

function invalidBundle(file: string, why: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `${file} is not a bundle of quickscrape export: ${why}`, {
    field: 'file',
    hint: 'Nothing was imported. Make a bundle with: quickscrape export FILE',
  });
}
