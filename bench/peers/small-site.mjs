// A site that bench/scheduler has scraped a page at a time: the same page of thirty rows on several ports, as if there were
// several hosts. Usage: fork(this, [COUNT, MS]); it says the addresses. It takes so many ms for a page.
import { once } from 'node:events';
import { createServer } from 'node:http';

const row = (index) =>
  `<li><a href="/item/${index}">Item ${index}</a> <b class="price">€${index + 10}.99</b> <i>in stock</i></li>`;
const page = Buffer.from(
  `<!doctype html><title>Items</title><ul>${Array.from({ length: 30 }, (_, index) => row(index)).join('')}</ul>`,
);
const delayMs = Number(process.argv[3] ?? 0);
const serve = (request, response) => {
  const isPage = request.url === '/';
  response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html' });
  if (!isPage) response.end();
  else if (delayMs === 0) response.end(page);
  else setTimeout(() => response.end(page), delayMs);
};
const urls = [];
for (let left = Number(process.argv[2]); left > 0; left -= 1) {
  const server = createServer({ keepAliveTimeout: 60_000 }, serve);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  urls.push(`http://127.0.0.1:${server.address().port}/`);
}
process.send(urls);
process.on('disconnect', () => process.exit(0));
