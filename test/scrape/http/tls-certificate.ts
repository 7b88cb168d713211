import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate (X.509, RFC 5280) with its key, made here so that no key lies in the repository. */
export interface Certificate {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
  name: string;
  privateKey: KeyObject;
}

interface Wanted {
  /** Whose it is, as the subject names it. */
  name: string;
  /** Host names and IP addresses that it is issued for. */
  hosts?: readonly string[];
  /** Who vouches for it; default: itself. */
  by?: Certificate;
  /** Until when it is valid; default: an hour from now. */
  until?: Date;
}

const HOUR_MS = 3_600_000;
const ECDSA_WITH_SHA256 = der(0x30, oid('1.2.840.10045.4.3.2'));

export function makeCertificate({ name, hosts, by, until }: Wanted): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const end = until ?? new Date(Date.now() + HOUR_MS);
  const body = der(
    0x30,
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(by?.name ?? name),
    der(0x30, time(new Date(Math.min(end.getTime(), Date.now()) - HOUR_MS)), time(end)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, hosts === undefined ? authority() : madeOutFor(hosts))),
  );
  const signature = sign('sha256', body, by?.privateKey ?? privateKey);
  const whole = der(0x30, body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  const cert = `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert, key, name, privateKey };
}

/** basicConstraints: it may vouch for others. */
function authority(): Buffer {
  return extension('2.5.29.19', der(0x30, der(0x01, Buffer.from([0xff]))));
}

function madeOutFor(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 4
      ? der(0x87, Buffer.from(host.split('.').map(Number)))
      : der(0x82, Buffer.from(host, 'ascii')),
  );
  return extension('2.5.29.17', der(0x30, ...names));
}

function extension(id: string, value: Buffer): Buffer {
  return der(0x30, oid(id), der(0x04, value));
}

function nameOf(text: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid('2.5.4.3'), der(0x0c, Buffer.from(text)))));
}

/** GeneralizedTime. */
function time(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`));
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Buffer.from(bytes));
}

/** Tag, length, value. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
