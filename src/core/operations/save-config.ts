import * as z from 'zod';
import { ClientRevisions } from '../configs/client-revisions.ts';
import { ConfigEdits } from '../configs/config-edits.ts';
import type { CheckResponse } from '../configs/scraper-protocol.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { parseName } from '../model/job-id.ts';
import { checkAndReviewConfig, findNewFacts } from './check-config.ts';
import { configNameInput, ifConfigRevisionInput, yamlInput } from './config-input.ts';
import { defineOperation } from './define-operation.ts';

export const saveConfig = defineOperation({
  name: 'save_config',
  title: 'Save a configuration',
  description:
    'Stores a scraping configuration under a name, in place of the one that is there; what is overwritten waits in ' +
    'the trash. A text that cannot run is refused (invalid_config, with line and column of each issue) and nothing is ' +
    'written. Give if_revision (from get_config) to refuse when somebody changed it meanwhile. dry_run checks and ' +
    'stores nothing. test_config shows what a text takes from its pages.',
  input: () =>
    z.strictObject({
      config_name: configNameInput().describe('Lower-case letters, digits, - and _; at most 64'),
      yaml: yamlInput(),
      if_revision: ifConfigRevisionInput(),
      dry_run: z.boolean().default(false).describe('Check and show only'),
    }),
  output: () =>
    z.object({
      config_name: z.string(),
      created: z.boolean().describe('There was none of this name'),
      changed: z.boolean().describe('The text is another one than before'),
      revision: z.string().describe('Changes with the content'),
      file: z.string(),
      warnings: z
        .array(
          z.object({
            path: z.string().describe('The key, such as pagination.type'),
            message: z.string(),
            line: z.int(),
            column: z.int(),
            hint: z.string().optional(),
          }),
        )
        .describe('What is allowed and perhaps not meant, such as a variable that is not set here'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['invalid_config', 'conflict'],
  async handler(workspace, { config_name, yaml, if_revision, dry_run }, context) {
    parseName(config_name, 'config_name');
    const forRun = context.isAlreadyStored ?? false;
    const source = { yaml, displayName: `${config_name}.yaml`, field: 'yaml', forRun };
    let variables: string[] = [];
    let needsBrowser = false;
    const found = await checkAndReviewConfig(workspace, source, context, (facts) => {
      // A call whose reach is reviewed comes from a client, not from the person.
      if (context.reviewConfig !== undefined) ({ variables, needsBrowser } = facts);
      return findNewFacts(facts, workspace, config_name);
    });
    if (variables.length > 0 && needsBrowser) throw browserSecretsError();
    const edits = new ConfigEdits(workspace);
    const note = async ({ revision }: { revision: string }) =>
      variables.length === 0 ? undefined : new ClientRevisions(workspace.paths).add(revision);
    const saved = dry_run
      ? edits.previewSave(config_name, yaml, if_revision)
      : await edits.save(config_name, yaml, if_revision, note);
    const isClients = saved.changed || new ClientRevisions(workspace.paths).has(saved.revision);
    if (variables.length > 0 && isClients) found.push(concealedWarning(variables));
    const warnings = found.map(({ path, message, line = 1, column = 1, hint }) => ({
      path,
      message,
      line,
      column,
      ...(hint !== undefined && { hint }),
    }));
    return { config_name, ...saved, warnings };
  },
});

/** A browser evaluates selectors in the page itself, where secrets are visible. */
function browserSecretsError(): QuickscrapeError {
  return new QuickscrapeError(
    'not_allowed',
    'yaml: a text that fills in variables and needs a browser can be saved only by the person',
    {
      field: 'yaml',
      hint: 'A browser would tell its selectors what the variables hold. Show the person the text, to save it with an editor.',
    },
  );
}

function concealedWarning(variables: readonly string[]): CheckResponse['warnings'][number] {
  const names = variables.map((name) => `\${${name}}`);
  return {
    path: '',
    message: `runs of this text see ${names.join(', ')} in pages and links, and not what ${names.length === 1 ? 'it stands' : 'they stand'} for`,
    line: 1,
    column: 1,
    hint: 'That goes for what a program saves. A text that the person has edited since sees pages as they are.',
  };
}
