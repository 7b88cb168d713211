import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type FrameLocator, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findBrowser } from '../../../src/core/process/find-browser.ts';
import { HANG_MS } from '../../wait-for.ts';

type Fields = Record<string, unknown>;

/** What the host gives a view. */
export interface Shown {
  html: string;
  /** The tool whose result is shown, its arguments and its result. */
  tool: string;
  args: Fields;
  result: Fields;
  /** Answers the calls of the view. */
  callTool(name: string, args: Fields): Promise<Fields>;
}

export interface AppHost {
  view: FrameLocator;
  page: Page;
  /** Methods that the view sent, in order. */
  sent(): Promise<string[]>;
  /** Requests of the page for anything but the host's own two documents, errors of scripts, violations of the policy. */
  troubles: string[];
}

/** The policy for a view that names no hosts (MCP Apps 2026-01-26, "Host Behavior"). */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "media-src 'self' data:; connect-src 'none'; object-src 'none'; base-uri 'self'";

/** The frame between host and view, of another origin than the host (MCP Apps 2026-01-26, "Sandbox proxy"). */
const SANDBOX = `<!doctype html><script>
const inner = document.createElement('iframe');
inner.sandbox = 'allow-scripts';
inner.id = 'view';
inner.style = 'border: 0; width: 100%; height: 600px';
addEventListener('message', ({ source, data }) => {
  if (source === inner.contentWindow) parent.postMessage(data, '*');
  else if (data.method === 'ui/notifications/sandbox-resource-ready') {
    inner.srcdoc = data.params.html;
    document.body.append(inner);
  } else if (!String(data.method).startsWith('ui/notifications/sandbox-')) inner.contentWindow.postMessage(data, '*');
});
parent.postMessage({ jsonrpc: '2.0', method: 'ui/notifications/sandbox-proxy-ready', params: {} }, '*');
</script>`;

const HOST = (
  sandbox: string,
) => `<!doctype html><iframe id="sandbox" sandbox="allow-scripts allow-same-origin"
 style="border: 0; width: 100%; height: 640px"></iframe><script>
window.sent = [];
const frame = document.querySelector('iframe');
const send = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
addEventListener('message', async ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  const { id, method, params } = data;
  sent.push(method ?? 'response');
  const shown = await getShown();
  if (method === 'ui/notifications/sandbox-proxy-ready')
    send({ method: 'ui/notifications/sandbox-resource-ready', params: { html: shown.html } });
  if (method === 'ui/initialize')
    send({ id, result: { protocolVersion: '2026-01-26', hostInfo: { name: 'test', version: '1' },
      hostCapabilities: { serverTools: {}, openLinks: {} },
      hostContext: { theme: 'dark', toolInfo: { tool: { name: shown.tool } },
        styles: { variables: { '--color-text-primary': 'rgb(1, 2, 3)' } } } } });
  if (method === 'ui/notifications/initialized') {
    send({ method: 'ui/notifications/tool-input', params: { arguments: shown.args } });
    send({ method: 'ui/notifications/tool-result', params: shown.result });
  }
  if (method === 'tools/call') send({ id, result: await callTool(params.name, params.arguments) });
});
frame.src = ${JSON.stringify(sandbox)};
</script>`;

async function serve(text: string, headers: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url !== '/') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Shows a view in a real browser, in a host page that does what the extension's specification asks of web hosts. */
export async function showView(shown: Shown): Promise<AppHost> {
  const found = findBrowser();
  if ('missing' in found) throw new Error(found.missing);
  const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 900, height: 680 } });
  page.setDefaultTimeout(HANG_MS);
  const sandbox = await serve(SANDBOX, { 'content-security-policy': POLICY });
  const host = await serve(HOST(sandbox), {});
  const troubles: string[] = [];
  page.on('request', (request) => {
    if (![host, sandbox, 'about:srcdoc'].includes(request.url()) && !request.url().endsWith('/favicon.ico'))
      troubles.push(request.url());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) troubles.push(message.text());
  });
  const { html, tool, args, result } = shown;
  await page.exposeFunction('getShown', () => ({ html, tool, args, result }));
  await page.exposeFunction('callTool', (name: string, asked: Fields) => shown.callTool(name, asked));
  await page.goto(host);
  const view = page.frameLocator('#sandbox').frameLocator('#view');
  return { view, page, troubles, sent: () => page.evaluate('sent') as Promise<string[]> };
}
