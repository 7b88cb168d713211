import { versionOf } from '../peers.mjs';

/** How the peers are called in a row. The product's own croner is another one than what peers have brought. */
export const PEERS = {
  croner: 'croner 11',
  'node-schedule': `node-schedule ${versionOf('node-schedule')}`,
  bree: `Bree ${versionOf('bree')}`,
  bullmq: `BullMQ ${versionOf('bullmq')}`,
  'toad-scheduler': `toad-scheduler ${versionOf('toad-scheduler')}`,
};

/** Whether a peer can be measured: croner is the product's own. */
export function isThere(kind) {
  return kind === 'croner' || versionOf(kind) !== undefined;
}
