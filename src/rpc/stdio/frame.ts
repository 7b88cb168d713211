/** What a splitter makes of the bytes of an input stream. */
export type Frame =
  | { kind: 'message'; text: string }
  /** A message of more than `limit` bytes came; its bytes are skipped. */
  | { kind: 'too_large'; limit: number }
  /** Something came that is no message; what follows it can be read. */
  | { kind: 'malformed'; reason: string }
  /** Where the next message begins cannot be told any more: nothing that follows is read. */
  | { kind: 'lost'; reason: string };

/** Cuts a stream of bytes into messages. The frames are the same however the stream is cut into chunks. */
export interface Splitter {
  push(chunk: Buffer): Frame[];
  /** The stream has ended. */
  end(): Frame[];
}
