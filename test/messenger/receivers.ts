import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a receiver answers: a status, and headers or a body if any. */
export interface ReceiverAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A web server on loopback that takes messages; it ends with the test. */
export async function httpReceiver(
  answer: (request: ReceivedRequest) => ReceiverAnswer = () => ({ status: 200 }),
): Promise<{ url: string; received: ReceivedRequest[] }> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body };
      received.push(one);
      const { status, headers: sent = {}, body: text = '' } = answer(one);
      response.writeHead(status, sent).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

export interface ReceivedMail {
  to: string[];
  from: string;
  text: string;
}

interface MailOptions {
  /** Recipients that the server does not take. */
  refuses?: (address: string) => boolean;
  /** Recipients about which it never decides. */
  holds?: (address: string) => boolean;
  /** The only user and password that it takes; default: anybody. */
  login?: [string, string];
  /** Whether it offers STARTTLS, with a certificate that nobody has signed. */
  hasTls?: boolean;
}

/** A mail server on loopback; it ends with the test. */
export async function mailServer({
  refuses = () => false,
  holds = () => false,
  login,
  hasTls = false,
}: MailOptions = {}): Promise<{ port: number; mails: ReceivedMail[] }> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: hasTls ? [] : ['STARTTLS'],
    logger: false,
    onAuth(auth, _, done) {
      const isKnown = auth.username === login?.[0] && auth.password === login?.[1];
      done(isKnown ? null : new Error('Invalid username or password'), { user: auth.username });
    },
    onRcptTo({ address }, _, done) {
      if (holds(address)) return;
      done(refuses(address) ? new Error(`no mailbox ${address}`) : null);
    },
    onData(stream, session, done) {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text,
        });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}
