import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { CA_HINT, extractPemCertificates, readCertificates } from '../config/ca.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/**
 * Trusts the authorities of a file beside the usual ones.
 * @param file PEM: one certificate or more
 * @throws ScrapeError `config` when it cannot be used
 */
export function createTrustingContext(file: string): SecureContext {
  const read = readCertificates(file);
  if ('problem' in read) throw unusableError(file, read.problem);
  // What cannot be read would be passed over without a word.
  if (!read.certificates.every(isCertificate))
    throw unusableError(file, 'holds a certificate that cannot be read');
  return createSecureContext({ ca: [...rootCertificates, ...readExtraCertificates(), ...read.certificates] });
}

function isCertificate(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

function unusableError(file: string, problem: string): ScrapeError {
  return new ScrapeError('config', `ca: ${file} ${problem}`, { hint: CA_HINT });
}

/** Node adds those of the environment to the usual ones only where no others are named. */
function readExtraCertificates(): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (file === undefined || file === '') return [];
  try {
    return extractPemCertificates(readFileSync(file, 'latin1'));
  } catch {
    return [];
  }
}
