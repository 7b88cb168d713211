import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { recordRunVariables } from '../../../src/core/runs/run-variables.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { runWithPages } from '../../core/operations/kept-page.ts';
import { openHome } from '../../core/operations/open-home.ts';

/** Two homes that differ in nothing but this value are answered alike. */
const SECRETS = ['qZjQzJ-ZqjzQ&Z', 'VvYyVYvy/VvYyV+Y'] as const;
const TEXT = 'url: "https://shop.example/1?key=${KEY}"\nitem: li\nselectors: {title: b, price: .price}\n';

/** Places of a page in which a site says a value again, with `#` for it. */
const PLACES = [
  '<p>You are #.</p>',
  '<li class="#"><b>#</b></li>',
  '<a href="/next?key=#">next #</a>',
  '<meta name="token" content="#">',
  '<input type="hidden" name="#" value="x#y">',
  '<script>var key = "#";</script>',
  '<!-- # -->',
  '<table><tr><th>#</th><td>1</td></tr></table>',
  '<script type="application/ld+json">{"@type": "Product", "name": "#", "#": 1}</script>',
  // Over several elements.
  '<p>You are @.</p>',
  '<ul id="#"><li data-#="1"><b>x</b></li></ul>',
  '<x-#>in the name of an element</x-#>',
];
/** The ways to write it. */
const FORMS: ((text: string) => string)[] = [
  (text) => text.replaceAll('&', '&amp;'),
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => text.toUpperCase().replaceAll('&', '&amp;'),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => [...text].join('&#8203;').replaceAll('&Z', '&amp;Z'),
];
const row = (n: number, price: string) => `<li><b>Book ${n}</b><span class="${price}">£${n}.50</span></li>`;
const pageOf = (price: string) =>
  `<title>Shop</title><ul>${[1, 2, 3, 4].map((n) => row(n, price)).join('')}</ul><a rel="next" href="?p=2">next</a>`;

interface Spot {
  place: string;
  form: (text: string) => string;
}

/** `are @` has the value over two elements. */
function fill(place: string, form: Spot['form'], secret: string): string {
  const [first, second] = [secret.slice(0, 5), secret.slice(5)].map((part) => part.replaceAll('&', '&amp;'));
  return place.replaceAll('#', () => form(secret)).replaceAll('are @', () => `are ${first}<i>${second}</i>`);
}

async function homeWith(secret: string, spots: readonly Spot[]) {
  const { workspace } = await openHome();
  writeFileSync(workspace.paths.secrets, `KEY='${secret}'\n`, { mode: 0o600 });
  await workspace.configs.write('books', TEXT);
  const said = spots.map(({ place, form }) => fill(place, form, secret)).join('');
  const note = { url: 'https://shop.example/1?key=${KEY}', variables: ['KEY'] };
  const runId = runWithPages(workspace, [{ body: pageOf('cost') + said, note }]);
  workspace.db.run("UPDATE runs SET status = 'failed', reason = '' WHERE run_id = ?", [runId]);
  await recordRunVariables(runFiles(workspace.paths, 'mine', runId), { KEY: secret });
  const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
  return { session, runId };
}

async function answer(
  { session, runId }: Awaited<ReturnType<typeof homeWith>>,
  name: string,
  params: object,
) {
  try {
    return JSON.stringify(await session.call(name, { ...params, run_id: runId })).replaceAll(runId, 'RUN');
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined || code === 'internal') throw error;
    return JSON.stringify([code, message.replaceAll(runId, 'RUN')]);
  }
}

const guess = fc
  .tuple(fc.constantFrom(...SECRETS), fc.nat(6), fc.integer({ min: 2, max: 20 }))
  .map(([text, from, length]) => text.slice(from, from + length) || text);
const call = fc.oneof(
  fc.tuple(
    fc.constant('get_page'),
    fc.record(
      {
        as: fc.constantFrom('outline', 'text', 'html'),
        near: fc.oneof(guess, fc.constantFrom('li', 'table', 'next')),
      },
      { requiredKeys: ['as'] },
    ),
  ),
  fc.tuple(
    fc.constant('find_selectors'),
    fc.record({ examples: fc.record({ title: fc.constant('Book 2'), key: guess }) }),
  ),
  fc.tuple(fc.constant('propose_config'), fc.record({ choice: fc.integer({ min: 1, max: 3 }) })),
  fc.tuple(fc.constant('explain_run'), fc.constant({})),
);

it('tells a client of a page nothing that depends on a secret, whatever it asks, wherever the page says it', async () => {
  let concealed = 0;
  const spot = fc.record({ place: fc.constantFrom(...PLACES), form: fc.constantFrom(...FORMS) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(spot, { minLength: 1, maxLength: 4 }),
      fc.array(call, { minLength: 3, maxLength: 5 }),
      async (spots, calls) => {
        const [one, other] = await Promise.all(SECRETS.map((secret) => homeWith(secret, spots)));
        for (const [name, params] of calls) {
          const [first, second] = [
            await answer(one as never, name, params),
            await answer(other as never, name, params),
          ];
          // What the client guesses is its own; the sizes of the two pages differ.
          const shown = JSON.stringify(params).match(/zjqz|zqjz/i) === null ? first : '';
          expect(shown, name).not.toMatch(/zjqz|zqjz/i);
          const plain = (text: string) =>
            text.replaceAll(/"bytes":\d+|"(?:queued|fetched)_at":"[^"]*"|20\d\d-[^",; ]*/g, '');
          expect(plain(first), `${name} ${JSON.stringify(params)}`).toBe(plain(second));
          if (first.includes('${KEY}')) concealed += 1;
        }
      },
    ),
    { numRuns: Number(process.env['CONCEAL_RUNS'] ?? 8) },
  );
  expect(concealed).toBeGreaterThan(2);
});
