// A site of pages with very many rows. Usage: fork(this, [ROWS]); it says its address, to which the number of a page is added.
import { once } from 'node:events';
import { createServer } from 'node:http';

const rows = Number(process.argv[2]);
const server = createServer((request, response) => {
  const page = Number(request.url.slice(1));
  const isPage = Number.isInteger(page) && page > 0;
  response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html' });
  response.end(isPage ? pageOf(page) : '');
});
await once(server.listen(0, '127.0.0.1'), 'listening');
process.send(`http://127.0.0.1:${server.address().port}/`);
process.on('disconnect', () => process.exit(0));

function pageOf(page) {
  const all = Array.from({ length: rows }, (_, index) => {
    const number = page * rows + index;
    return `<li><b>Item ${number}, in the ${number % 97}th box of shelf ${number % 1_013}</b><i>€${number % 500}.99</i></li>`;
  });
  return `<!doctype html><title>Rows</title><ul>${all.join('')}</ul>`;
}
