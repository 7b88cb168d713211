import { expect } from 'vitest';
import { runWithPages } from '../../core/operations/kept-page.ts';
import { it } from '../../extend.ts';
import { ERAS, openRaw } from './raw-client.ts';

/** The arguments of a server, and the operations whose resources it serves. */
const SELECTIONS = [
  { args: ['--tools', 'list_jobs'], served: ['list_jobs'] },
  {
    args: ['--exclude-tools', 'get_config,get_log'],
    served: ['list_jobs', 'get_job', 'get_run', 'list_items'],
  },
];

it.for(ERAS)('serves only resources whose operations it offers (%s)', async (era, { home, workspace }) => {
  await workspace.configs.write('books', 'url: "https://example.com/"\nselectors:\n  title: h3\n');
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'books', schedule } }, 'library');
  const run = `quickscrape://runs/${runWithPages(workspace, [])}`;
  const all = {
    list_jobs: { uri: 'quickscrape://jobs' },
    get_job: { uri: 'quickscrape://jobs/mine', template: 'quickscrape://jobs/{job_id}' },
    get_run: { uri: run, template: 'quickscrape://runs/{run_id}' },
    get_log: { uri: `${run}/log`, template: 'quickscrape://runs/{run_id}/log' },
    list_items: { uri: `${run}/items`, template: 'quickscrape://runs/{run_id}/items' },
    get_config: { uri: 'quickscrape://configs/books', template: 'quickscrape://configs/{config_name}' },
  } as Record<string, { uri: string; template?: string }>;
  for (const { args, served } of SELECTIONS) {
    const client = await openRaw(era, { home, args });
    const ask = (method: string, given: object = {}) => client.wire.ask(method, client.params({ ...given }));
    const listed = JSON.stringify((await ask('resources/list')).result);
    const templates = JSON.stringify((await ask('resources/templates/list')).result);
    for (const [operation, { uri, template }] of Object.entries(all)) {
      const isServed = served.includes(operation);
      if (!uri.startsWith(run)) expect([uri, listed.includes(`"${uri}"`)]).toEqual([uri, isServed]);
      if (template !== undefined) expect([uri, templates.includes(`"${template}"`)]).toEqual([uri, isServed]);
      const answers = [
        await ask('resources/read', { uri }),
        ...(era === 'legacy' ? [await ask('resources/subscribe', { uri })] : []),
        ...(template === undefined ? [] : [await ask('completion/complete', completion(template))]),
      ];
      const hidden = answers.map(({ error }) => error?.message.includes('this server was started') ?? false);
      expect([uri, hidden]).toEqual([uri, answers.map(() => !isServed)]);
      if (!isServed)
        expect(answers).toEqual(
          answers.map(() => expect.objectContaining({ error: hiddenError(operation, args[0]) })),
        );
    }
    const help = await ask('resources/read', { uri: 'quickscrape://help/configuration' });
    expect(help).toHaveProperty('result');
  }
});

function completion(uri: string): object {
  return { ref: { type: 'ref/resource', uri }, argument: { name: /\{(\w+)\}/.exec(uri)?.[1], value: '' } };
}

function hiddenError(operation: string, flag = ''): object {
  const message = expect.stringContaining(
    `because ${operation} is not: this server was started with ${flag}`,
  );
  // The code of any unknown resource, in both eras.
  return expect.objectContaining({ code: -32602, message });
}
