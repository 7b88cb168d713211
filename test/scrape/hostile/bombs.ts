import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib';

const MB = 1_048_576;
const BLOCK = Buffer.alloc(16 * MB, ' ');

/** A gibibyte of spaces: members of gzip behind one another are one stream. */
export const GZIP_BOMB = Buffer.concat(Array<Buffer>(64).fill(gzipSync(BLOCK)));

/** The same as bare deflate: what is flushed whole can be repeated. */
export const DEFLATE_BOMB = Buffer.concat(
  Array<Buffer>(64).fill(deflateRawSync(BLOCK, { finishFlush: constants.Z_FULL_FLUSH })),
);

export const BROTLI_BOMB = brotliCompressSync(Buffer.alloc(64 * MB, ' '), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
});

/** Packed three times over. */
export const NESTED_BOMB = gzipSync(gzipSync(GZIP_BOMB));
