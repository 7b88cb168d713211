import Mail from 'nodemailer/lib/mailer';
import SmtpTransport from 'nodemailer/lib/smtp-transport';
import type { ChannelOf } from '../../core/channels/channel-rules.ts';
import { toHtmlMail } from '../text/html-mail.ts';
import { toPlainText } from '../text/plain-text.ts';
import type { Deliver } from './delivery.ts';
import { describeNetworkError } from './describe-network-error.ts';

const TIMEOUT_MS = 30_000;

/**
 * Sends a mail by SMTP (RFC 5321) with TLS (RFC 8314; STARTTLS, RFC 3207), as text and as HTML. Each recipient gets it
 * once: a later attempt goes only to those that the server did not take.
 */
export const sendEmail: Deliver<'email'> = async (channel, { id, text, accepted, onAccepted }, signal) => {
  const all = typeof channel.to === 'string' ? [channel.to] : channel.to;
  const mailboxes = new Map(all.toReversed().map((to) => [mailboxOf(to), to]));
  const open = all.filter((to) => mailboxes.get(mailboxOf(to)) === to && !accepted.includes(to));
  if (open.length === 0) return { isSent: true };
  // Not the package's entry, which holds transports and accounts of other kinds.
  const transport = new Mail(new SmtpTransport(transportOptions(channel)));
  const onAbort = () => transport.close();
  signal.addEventListener('abort', onAbort, { once: true });
  const refused: string[] = [];
  let isUnreachable = false;
  try {
    for (const to of open) {
      try {
        await transport.sendMail({
          envelope: { from: channel.from, to },
          from: channel.from,
          to: all,
          subject: text.title,
          text: toPlainText(text),
          html: toHtmlMail(text),
          messageId: `<${id}@quickscrape.invalid>`,
          // RFC 3834: programs do not answer it.
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        onAccepted?.(to);
      } catch (error) {
        refused.push(`${new URL(channel.server).host}: ${describeMailError(error)}`);
        isUnreachable = isConnectionError(error);
        if (isUnreachable) break;
      }
    }
    const [error] = refused;
    return error === undefined ? { isSent: true } : { isSent: false, error, isUnreachable };
  } finally {
    signal.removeEventListener('abort', onAbort);
    transport.close();
  }
};

/** `Anna <anna@example.com>` is the mailbox `anna@example.com`. */
function mailboxOf(to: string): string {
  return (/<([^<>]+)>$/.exec(to.trim())?.[1] ?? to).trim().toLowerCase();
}

function transportOptions({ server, user, password, tls }: ChannelOf<'email'>) {
  const { protocol, hostname, port, username, password: inAddress } = new URL(server);
  const isImplicit = protocol === 'smtps:';
  const name = user ?? decodeURIComponent(username);
  const secret = password ?? decodeURIComponent(inAddress);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isImplicit ? 465 : 587) : Number(port),
    secure: isImplicit,
    requireTLS: !isImplicit && tls === 'required',
    ...(name !== '' && { auth: { user: name, pass: secret } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  };
}

/** Errors after which the next recipient would fail in the same way (codes of nodemailer). */
const CONNECTION_ERRORS = ['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EAUTH', 'ECONNREFUSED'];

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CONNECTION_ERRORS.includes(String(error.code));
}

function describeMailError(error: unknown): string {
  const text = describeNetworkError(error).split('\n')[0] ?? '';
  if (/speak TLS/.test(text)) return `${text} (smtp:// begins without)`;
  return /STARTTLS/i.test(text) ? `${text} (a server on this machine without TLS: tls: optional)` : text;
}
