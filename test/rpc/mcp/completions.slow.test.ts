import { expect } from 'vitest';
import { runWithPages } from '../../core/operations/kept-page.ts';
import { it } from '../../extend.ts';
import { ERAS, openRaw } from './raw-client.ts';

interface Completable {
  ref: object;
  argument: string;
  /** What there is to complete, in the home of the test. */
  known: string;
}

it.for(ERAS)('completes each argument of prompts and resources (%s)', async (era, { home, workspace }) => {
  await workspace.configs.write('books', 'url: "https://example.com/"\nselectors:\n  title: h3\n');
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'books', schedule } }, 'library');
  const runId = runWithPages(workspace, []);
  const known: Record<string, string> = {
    job_id: 'mine',
    config_name: 'books',
    run_id: runId,
    when: 'every day at 9',
    name: 'repair-selectors',
  };
  const client = await openRaw(era, { home });
  const ask = (method: string, params: object = {}) => client.wire.call(method, client.params({ ...params }));
  const { prompts } = (await ask('prompts/list')) as {
    prompts: { name: string; arguments: { name: string }[] }[];
  };
  const { resourceTemplates } = (await ask('resources/templates/list')) as {
    resourceTemplates: { uriTemplate: string }[];
  };
  const of = (ref: object, name = ''): Completable => ({ ref, argument: name, known: known[name] ?? '?' });
  const all = [
    ...prompts.flatMap(({ name, arguments: list }) =>
      list.map((one) => of({ type: 'ref/prompt', name }, one.name)),
    ),
    ...resourceTemplates.flatMap(({ uriTemplate: uri }) =>
      [...uri.matchAll(/\{(\w+)\}/g)].map(([, name]) => of({ type: 'ref/resource', uri }, name)),
    ),
  ];
  expect(all).toHaveLength(4 + 6);
  for (const { ref, argument: name, known: whole } of all) {
    for (const [value, values] of [
      [whole.slice(0, 4), expect.arrayContaining([whole])],
      ['no such beginning', []],
    ] as const) {
      const { completion } = await ask('completion/complete', { ref, argument: { name, value } });
      expect({ ref, completion }).toMatchObject({ ref, completion: { values } });
    }
  }
});
