import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const entities = (text: string) => Array.from(text, (letter) => `&#${letter.codePointAt(0)};`).join('');

/** A site whose pages `/TOKEN/list?key=KEY` say both again, in every way that sites do. */
export async function echoingSite() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1/');
    const [, token = '', page = ''] = url.pathname.split('/');
    const key = url.searchParams.get('key') ?? '';
    // As a browser would have it: what is written into addresses is escaped.
    const coded = encodeURIComponent(key);
    const number = Number(url.searchParams.get('p') ?? '1');
    asked.push(url.href);
    const own = (path: string, query: string) =>
      `http://${request.headers.host}/${token}/${path}?key=${coded}${query}`;
    if (page === 'away') return void response.writeHead(302, { location: own('list', `&p=${number}`) }).end();
    response.setHeader('content-type', page === 'map.xml' ? 'text/xml' : 'text/html');
    if (page === 'map.xml')
      return void response.end(
        `<urlset>${[1, 2].map((p) => `<url><loc>${escaped(own('list', `&p=${p}`))}</loc></url>`).join('')}</urlset>`,
      );
    if (page === 'login')
      return void response.end(
        `<form method="post"><input name="user"><input type="password" name="pw" title="${escaped(key)}"></form>`,
      );
    if (page === 'detail')
      return void response.end(`<h1 title="${escaped(key)}">of ${escaped(key)}</h1><a href="#x">x</a>`);
    const rows = [1, 2, 3].map(
      (row) => `<li class="row" data-key="${escaped(key)}"><b>row ${number}.${row}</b><i>${escaped(key)}</i>
        <a class="detail" href="detail?key=${coded}&amp;row=${row}">more</a>
        <a class="whole" href="${escaped(own('detail', `&row=${row}`))}">whole</a><a class="top" href="#top">top</a></li>`,
    );
    const next =
      number < 3 ? `<a rel="next" href="${escaped(own('list', `&p=${number + 1}`))}">next</a>` : '';
    const half = Math.ceil(key.length / 2);
    response.end(`<html><head><title>list ${escaped(token)}</title>
      ${url.searchParams.has('based') ? `<base href="/${token}/deeper/?key=${coded}">` : ''}</head><body>
      <!-- ${key} ${token} --><script type="text/plain">${JSON.stringify({ key, token })}</script>
      <p class="split">${escaped(key.slice(0, half))}<em>${escaped(key.slice(half))}</em></p>
      <p class="coded">${entities(key)} ${Buffer.from(key).toString('base64')} ${coded} ${key.toUpperCase()}</p>
      <form action="list?key=${coded}"><input name="key" value="${escaped(key)}"></form>
      <a class="up" href="../">up</a><a class="empty" href="">here</a><img src="//img.test/${token}/x.png">
      <ul>${rows.join('')}</ul>${next}</body></html>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}
