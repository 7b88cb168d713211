import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The number of this protocol. A home and workers with different numbers exchange nothing but that number. */
export const PROTOCOL = 2;
/** The largest sealed letter, in characters. */
export const MAX_SEALED_LENGTH = 2 * 1_048_576;
/** The largest letter before it is compressed, in bytes. A forged one cannot fill the memory. */
export const MAX_PLAIN_BYTES = 16 * 1_048_576;

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;

/** A letter cannot be sealed or read. */
export class LetterError extends Error {
  override readonly name = 'LetterError';
  /**
   * `size`: it is too large. `seal`: it was not sealed with this key for this place. `protocol`: its sender has the
   * key, and speaks another protocol. `content`: its sender has the key, and wrote something invalid.
   */
  readonly reason: 'size' | 'seal' | 'protocol' | 'content';
  /** The sender's protocol, where that is the reason. */
  readonly protocol: number | undefined;

  constructor(reason: LetterError['reason'], message: string, protocol?: number) {
    super(message);
    this.reason = reason;
    this.protocol = protocol;
  }
}

/**
 * Compresses and encrypts a letter.
 * @param place who sends it to whom: it can be opened as a letter for this place only
 * @throws LetterError `size`
 */
export function seal(key: Uint8Array, place: string, plain: Uint8Array, protocol = PROTOCOL): string {
  if (plain.byteLength > MAX_PLAIN_BYTES) {
    throw new LetterError(
      'size',
      `a letter of ${plain.byteLength} bytes, at most ${MAX_PLAIN_BYTES} are sent`,
    );
  }
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(aad(protocol, place));
  const body = Buffer.concat([cipher.update(deflateRawSync(plain, { level: 1 })), cipher.final()]);
  const sealed = Buffer.concat([Buffer.of(protocol), iv, cipher.getAuthTag(), body]).toString('base64');
  if (sealed.length > MAX_SEALED_LENGTH) {
    throw new LetterError(
      'size',
      `a sealed letter of ${sealed.length} characters, at most ${MAX_SEALED_LENGTH} are sent`,
    );
  }
  return sealed;
}

/**
 * Decrypts what {@link seal} made with the same key for the same place.
 * @throws LetterError
 */
export function open(key: Uint8Array, place: string, sealed: unknown): Buffer {
  if (typeof sealed !== 'string') throw new LetterError('seal', 'not a sealed letter');
  if (sealed.length > MAX_SEALED_LENGTH) {
    throw new LetterError('size', `a sealed letter of ${sealed.length} characters`);
  }
  const bytes = Buffer.from(sealed, 'base64');
  const [protocol = 0] = bytes;
  // Buffer.from ignores what is not base64: a letter has exactly one spelling.
  if (bytes.length < HEAD_BYTES || bytes.toString('base64') !== sealed) {
    throw new LetterError('seal', 'not a sealed letter');
  }
  const deflated = decrypt(key, aad(protocol, place), bytes);
  if (protocol !== PROTOCOL) {
    throw new LetterError('protocol', `a letter of protocol ${protocol}, this is ${PROTOCOL}`, protocol);
  }
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch {
    throw new LetterError('content', 'its content cannot be decompressed, or is too large');
  }
}

function decrypt(key: Uint8Array, about: Buffer, bytes: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(1, 1 + IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(about);
    decipher.setAuthTag(bytes.subarray(1 + IV_BYTES, HEAD_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    throw new LetterError('seal', 'it was sealed with another key, for another place, or was changed');
  }
}

/** The protocol is authenticated, too: only a sender with the key can say that it speaks another one. */
function aad(protocol: number, place: string): Buffer {
  return Buffer.concat([Buffer.of(protocol), Buffer.from(place)]);
}
