import { createServer } from 'node:http';

/**
 * A site on loopback with one page a job; the address says how it behaves (`/<kind>/<job>`). It counts how often each
 * job's page was asked for: a witness that shares nothing with the database.
 */
export async function openSite(random) {
  const hits = new Map();
  const server = createServer((request, response) => {
    const [, kind, job] = (request.url ?? '').split('/');
    if (job === undefined) return response.writeHead(404).end();
    hits.set(job, (hits.get(job) ?? 0) + 1);
    const answer = () => {
      const refused = kind === 'failing' || (kind === 'flaky' && random.chance(0.3));
      response.writeHead(refused ? 404 : 200, { 'content-type': 'text/html' });
      response.end('<ul><li class="row"><b>one</b></li><li class="row"><b>two</b></li></ul>');
    };
    const wait = kind === 'slow' ? random.between(2_000, 9_000) : kind === 'stuck' ? 20_000 : 0;
    if (wait > 0) setTimeout(answer, wait).unref();
    else answer();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    hits: (job) => hits.get(job) ?? 0,
    total: () => [...hits.values()].reduce((sum, n) => sum + n, 0),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
