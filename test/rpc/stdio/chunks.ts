import fc from 'fast-check';
import type { Frame, Splitter } from '../../../src/rpc/stdio/line-splitter.ts';

/** Bytes, and the places where they are cut into chunks. */
export function cutBytes(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<{ bytes: Buffer; chunks: Buffer[] }> {
  return fc
    .tuple(bytes, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }))
    .map(([whole, cuts]) => {
      const places = [0, ...cuts.map((cut) => Math.floor(cut * whole.length)), whole.length].toSorted(
        (a, b) => a - b,
      );
      const chunks = places.slice(1).map((to, index) => whole.subarray(places[index], to));
      return { bytes: whole, chunks };
    });
}

/** All frames of a stream that came in these chunks. */
export function framesOf(splitter: Splitter, chunks: readonly Buffer[]): Frame[] {
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

/** The frames with the messages alone as text. */
export function shortly(frames: readonly Frame[]): string[] {
  return frames.map((frame) => {
    if (frame.kind === 'message') return frame.text;
    return frame.kind === 'too_large' ? 'TOO LARGE' : `${frame.kind.toUpperCase()}: ${frame.reason}`;
  });
}
