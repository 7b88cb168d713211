import { resolve } from 'node:path';
import * as z from 'zod';
import { ClientRevisions } from '../configs/client-revisions.ts';
import { addressFilesInConfig } from '../configs/config-values.ts';
import { describeUnusable } from '../jobs/job-errors.ts';
import { DEFINITION_FIELDS } from '../model/definition.ts';
import { isName } from '../model/ids.ts';
import type { JobEntry } from '../model/job-record.ts';
import type { Workspace } from '../workspace.ts';

const name = z.string().refine(isName, { error: 'a name of lower-case letters, digits, - and _' });

/** The file that `export` writes and `import` reads: a whole home without its runs, output and secrets. */
export const bundleSchema = z.strictObject({
  format: z.literal('quickscrape-bundle'),
  version: z.literal(1),
  exported_at: z.string(),
  settings: z.record(z.string(), z.unknown()),
  configs: z.record(name, z.string()),
  /** Revisions of the texts that clients saved (ClientRevisions). */
  saved_by_clients: z.array(z.string()).optional(),
  jobs: z.array(z.looseObject({ id: name, config_name: z.string() })),
});

export type Bundle = z.output<typeof bundleSchema>;

/** What a bundle holds: everything, or these jobs and configurations, without settings. */
export interface BundleContent {
  entries: readonly JobEntry[];
  /** Names of configurations. */
  configs: readonly string[];
  settings: boolean;
}

/** Everything in a home. */
export function wholeHome({ jobs, configs }: Workspace): BundleContent {
  return { entries: jobs.list(), configs: configs.list().map(({ name }) => name), settings: true };
}

/** Creates a bundle; `skipped` lists the job files and the files of addresses that it does not contain, with reasons. */
export function createBundle(
  workspace: Workspace,
  { entries, configs: names, settings }: BundleContent = wholeHome(workspace),
): { bundle: Bundle; skipped: string[] } {
  const jobs = entries.flatMap((entry) => {
    if (entry.kind !== 'valid') return [];
    const { definition } = entry.record;
    return [
      { id: entry.id, ...Object.fromEntries(DEFINITION_FIELDS.map((field) => [field, definition[field]])) },
    ];
  });
  const configs = names.map((name) => workspace.configs.read(name));
  const clients = new ClientRevisions(workspace.paths);
  const saved = [
    ...new Set(configs.filter(({ yaml }) => clients.hasText(yaml)).map(({ revision }) => revision)),
  ];
  const all = settings ? workspace.settings.all() : [];
  const bundle: Bundle = {
    format: 'quickscrape-bundle',
    version: 1,
    exported_at: new Date(workspace.clock.now()).toISOString(),
    settings: Object.fromEntries(all.flatMap(({ key, value, set }) => (set ? [[key, value]] : []))),
    configs: Object.fromEntries(configs.map(({ name, yaml }) => [name, yaml])),
    ...(saved.length > 0 && { saved_by_clients: saved }),
    jobs: jobs as Bundle['jobs'],
  };
  const files = configs.flatMap(({ name, yaml }) =>
    addressFilesInConfig(yaml).map((file) => `${file}, the addresses of configuration ${name}: copy it, too`),
  );
  const unusable = entries.flatMap((entry) => (entry.kind === 'valid' ? [] : [describeUnusable(entry)]));
  return { bundle, skipped: [...unusable, ...files] };
}

/** The path of a bundle's file. A server's policy has checked that clients may write there. */
export function bundleFile({ paths }: Pick<Workspace, 'paths'>, outputPath: string): string {
  return resolve(paths.output, outputPath);
}
