import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { hasTwoSchemes } from '../../core/configs/typed-address.ts';
import { findAddressProblem } from './input-types.ts';

/** How pages are fetched. `auto` fetches without a browser first, and uses a browser if that finds nothing. */
export type Backend = 'auto' | 'plain' | 'browser';

const NAMES = {
  auto: 'auto',
  requests: 'plain',
  cloudscraper: 'plain',
  browser: 'browser',
  playwright: 'browser',
} as const satisfies Record<string, Backend>;

type BackendName = keyof typeof NAMES;

export const BACKEND_NAMES = Object.keys(NAMES) as [BackendName, ...BackendName[]];

export const backendInput = z
  .enum(BACKEND_NAMES)
  .default('auto')
  .describe('browser (also playwright) runs the pages’ scripts, requests and cloudscraper do not');

export function completeBackend(name: BackendName): Backend {
  return NAMES[name];
}

/** The proxy for all requests: `http://name:password@host:port`. */
export const proxyInput = z
  .string()
  .superRefine((text, context) => {
    const problem = findProxyProblem(text);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
  })
  .meta({ format: 'uri' })
  .describe('HTTP proxy that all requests go through: http://host:port');

function findProxyProblem(text: string): { message: string; hint: string } | undefined {
  const hint = `Write it as "http://proxy.example:8080", or "http://name:$\{PROXY_PASSWORD}@proxy.example:8080".`;
  if (/^socks/i.test(text)) return { message: 'SOCKS proxies are not supported', hint };
  if (hasTwoSchemes(text)) return { message: 'the address begins with two schemes', hint };
  if (findAddressProblem(text) !== undefined)
    return { message: 'not the address of an http or https proxy', hint };
  const { pathname, search, hash } = new URL(text);
  if (pathname !== '/' || search !== '' || hash !== '')
    return { message: 'the address of a proxy has no path', hint };
  return undefined;
}

/** Four times the size of a file with all public authorities. */
const MAX_BYTES = 1_000_000;

/** A file of certificate authorities. The path is absolute, because a relative one depends on the working directory. */
export const caInput = z
  .string()
  .refine((file) => isAbsolute(file) && !file.includes('\0'), {
    message: 'not an absolute path',
    params: { hint: 'Write the whole path: ca: "/etc/ssl/our-authority.pem". A ~ is not expanded.' },
  })
  .describe('File of certificate authorities (PEM) that are trusted in addition to the usual ones');

/** Hint that describes the expected content. */
export const CA_HINT =
  'ca takes the file of a certificate authority in PEM format, which starts with -----BEGIN CERTIFICATE-----.';

/** Returns the certificates of a PEM file, or a problem. Messages never contain the file's other content. */
export function readCertificates(file: string): { certificates: string[] } | { problem: string } {
  let text: string;
  try {
    const stat = statSync(file);
    // Reading from a pipe would block forever.
    if (!stat.isFile()) return { problem: 'is not a file' };
    if (stat.size > MAX_BYTES) return { problem: 'is larger than 1 MB' };
    text = readFileSync(file, 'latin1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { problem: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})` };
  }
  const certificates = extractPemCertificates(text);
  return certificates.length === 0 ? { problem: 'contains no certificate' } : { certificates };
}

/** Returns the certificates alone, without keys and text around them. */
export function extractPemCertificates(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}
