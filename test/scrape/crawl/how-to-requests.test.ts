import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();
const [byNumber = '', byForm = '', byQuery = '', byParameter = ''] = codeBlocks(
  'docs/how-to/requests.md',
  'yaml',
);

/** Runs an example of docs/how-to/requests.md on the site of the test. */
const runExample = (example: string) => run(example.replaceAll('https://shop.example', '{site}'));

/** Answers each body that is sent. @returns the bodies, in order */
function answer(path: string, type: string, reply: (body: string) => string): string[] {
  const bodies: string[] = [];
  site().on(path, async (request: IncomingMessage, response) => {
    const body = await text(request);
    bodies.push(`${request.method} ${request.headers['content-type']} ${body}`);
    response.writeHead(200, { 'content-type': type }).end(reply(body));
  });
  return bodies;
}

it('a list whose pages are asked for by JSON is read until a page is empty', async () => {
  const bodies = answer('/api/search', 'application/json', (body) => {
    const { page } = JSON.parse(body);
    return JSON.stringify({ hits: page > 2 ? [] : [{ id: page, title: `Lamp ${page}` }] });
  });
  await runExample(byNumber);
  expect(staged()).toEqual([
    { id: 1, title: 'Lamp 1' },
    { id: 2, title: 'Lamp 2' },
  ]);
  expect(bodies).toEqual(
    [1, 2, 3].map((page) => `POST application/json {"query":"lamp","page":${page},"size":50}`),
  );
  expect(site().visitsOf('/api/search')).toHaveLength(3);
});

it('a search form is sent for each page', async () => {
  const bodies = answer('/search', 'text/html', (body) =>
    body.endsWith('from=40') ? '<p>nothing</p>' : `<li class="hit"><h3>${body}</h3></li>`,
  );
  await runExample(byForm);
  expect(staged()).toEqual([{ title: 'q=lamp&from=0' }, { title: 'q=lamp&from=20' }]);
  expect(bodies[0]).toBe('POST application/x-www-form-urlencoded q=lamp&from=0');
});

it('a connection of GraphQL is read to its end', async () => {
  const bodies = answer('/graphql', 'application/json', (body) => {
    const { after } = JSON.parse(body).variables;
    const pageInfo = { endCursor: after === null ? 'c"1' : null };
    return JSON.stringify({ data: { products: { nodes: [{ title: `after ${after}` }], pageInfo } } });
  });
  await runExample(byQuery);
  expect(staged()).toEqual([{ title: 'after null' }, { title: 'after c"1' }]);
  expect(bodies).toHaveLength(2);
});

it('a parameter of the job is sent in the body', async () => {
  const bodies = answer('/api/shops', 'application/json', (body) => {
    const { page, filter } = JSON.parse(body);
    return JSON.stringify({ hits: page > 1 ? [] : [{ title: filter.city }] });
  });
  await runExample(byParameter.replace('read}', 'read, default: "Köln \\"a\\""}'));
  expect(staged()).toEqual([{ title: 'Köln "a"' }]);
  expect(bodies).toHaveLength(2);
});
