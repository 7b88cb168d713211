import { productVersions, versionOf } from '../peers.mjs';

const NAMES = {
  'node-schedule': 'node-schedule',
  bree: 'Bree',
  bullmq: 'BullMQ',
  'toad-scheduler': 'toad-scheduler',
};

/** How a peer is called in a row. The product's own croner is another one than what peers have brought. */
export function peerName(kind) {
  if (kind === 'chokidar') return `chokidar ${productVersions().chokidar} alone, watching the files`;
  return kind === 'croner' ? 'croner 11' : `${NAMES[kind]} ${versionOf(kind)}`;
}

/** How a peer is called whether or not it is installed. */
export function peerTitle(kind) {
  return kind === 'croner' || versionOf(kind) !== undefined ? peerName(kind) : NAMES[kind];
}

/** Whether a peer can be measured: croner is the product's own. */
export function isThere(kind) {
  return kind === 'croner' || versionOf(kind) !== undefined;
}
