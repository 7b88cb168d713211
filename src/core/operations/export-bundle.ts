import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { revisionOf } from '../configs/config-store.ts';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { Workspace } from '../workspace.ts';
import { type Bundle, type BundleContent, bundleFile, createBundle, wholeHome } from './bundle.ts';
import { showText } from './concealment.ts';
import { defineOperation, type OperationContext } from './define-operation.ts';
import { findJob, requireConfig } from './find-or-throw.ts';

/** A larger bundle does not fit into an answer. */
const MAX_ANSWER_BYTES = 14_000;

export const exportBundle = defineOperation({
  name: 'export',
  title: 'Export jobs and configurations',
  description:
    'A bundle of jobs, configurations and, of all, settings for quickscrape import elsewhere. Without runs and ' +
    'secrets.env. Give output_path unless it is small.',
  input: () =>
    z.strictObject({
      job_ids: z.array(z.string()).optional().describe('Both left out: all'),
      config_names: z.array(z.string()).optional(),
      output_path: z.string().min(1).optional().describe('A new .json file, relative to output/'),
      overwrite: z.boolean().default(false),
    }),
  output: () =>
    z.object({
      jobs: z.int(),
      configs: z.int(),
      settings: z.int(),
      skipped: z.array(z.string()).describe('What the bundle lacks, with the reason'),
      bytes: z.int(),
      file: z.string().nullable(),
      bundle: z.looseObject({}).nullable().describe('Without output_path'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['job_not_found', 'invalid_job', 'config_not_found', 'conflict', 'invalid_config'],
  async handler(workspace, { job_ids, config_names, output_path, overwrite }, context) {
    const content = selectContent(workspace, job_ids, config_names);
    const { bundle: whole, skipped } = createBundle(workspace, content);
    // Of a bundle in the answer, the bytes are those that it shows: others would tell how long a password is.
    const bundle = output_path === undefined ? showBundle(whole, context) : whole;
    const text = `${JSON.stringify(bundle, null, 2)}\n`;
    const bytes = Buffer.byteLength(text);
    const file = output_path === undefined ? null : await write(workspace, output_path, text, overwrite);
    if (file === null && bytes > MAX_ANSWER_BYTES)
      throw new QuickscrapeError(
        'invalid_params',
        `output_path: missing; the bundle has ${bytes} bytes, too many for an answer`,
        {
          field: 'output_path',
          hint: 'Give output_path, such as "bundle.json", or fewer job_ids.',
        },
      );
    return {
      jobs: bundle.jobs.length,
      configs: Object.keys(bundle.configs).length,
      settings: Object.keys(bundle.settings).length,
      skipped,
      bytes,
      file,
      bundle: file === null ? bundle : null,
    };
  },
});

/** The file has the passwords that are written in configurations, an answer to a client has not. */
function showBundle(bundle: Bundle, context: OperationContext): Bundle {
  const { configs, saved_by_clients: saved } = bundle;
  const shown = Object.entries(configs).map(([name, yaml]) => [name, showText(yaml, context)] as const);
  // By the revision of a whole text, a client could guess the passwords in it.
  const telling = new Set(
    shown.flatMap(([name, text]) => (text === configs[name] ? [] : [revisionOf(configs[name] ?? '')])),
  );
  return {
    ...bundle,
    configs: Object.fromEntries(shown),
    ...(saved && { saved_by_clients: saved.filter((revision) => !telling.has(revision)) }),
  };
}

function selectContent(
  workspace: Workspace,
  jobIds: readonly string[] | undefined,
  configNames: readonly string[] | undefined,
): BundleContent {
  if (jobIds === undefined && configNames === undefined) return wholeHome(workspace);
  const entries = [...new Set(jobIds)].map((id) => findJob(workspace, id));
  for (const name of configNames ?? []) requireConfig(workspace, name);
  const used = entries.map(({ record }) => record.definition.config_name);
  const names = [...used.filter((name) => workspace.configs.has(name)), ...(configNames ?? [])];
  return { entries, configs: [...new Set(names)], settings: false };
}

async function write(workspace: Workspace, path: string, text: string, overwrite: boolean): Promise<string> {
  if (!/^[^{}\0]+\.json$/.test(path))
    throw new QuickscrapeError(
      'invalid_params',
      'output_path: must be the name of a .json file, without {…}',
      {
        field: 'output_path',
        hint: 'Such as "bundle.json".',
      },
    );
  const file = bundleFile(workspace, path);
  const existing = lstatSync(file, { throwIfNoEntry: false });
  if (existing !== undefined && !(overwrite && existing.isFile()))
    throw new QuickscrapeError('conflict', `there is a file ${file}`, {
      field: 'output_path',
      hint: existing.isFile() ? 'Give another name, or overwrite=true.' : 'Give another name.',
    });
  wrapUnavailable(`cannot make ${dirname(file)}`, () =>
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 }),
  );
  await writeFileDurably(file, text);
  return file;
}
