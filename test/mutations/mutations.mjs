import { CONFIG_MUTATIONS } from './config-mutations.mjs';
import { IDENTITY_MUTATIONS } from './identity-mutations.mjs';
import { MCP_MUTATIONS } from './mcp-mutations.mjs';
import { RPC_MUTATIONS } from './rpc-mutations.mjs';
import { RUN_MUTATIONS } from './run-mutations.mjs';
import { SCHEDULE_MUTATIONS } from './schedule-mutations.mjs';
import { SCRAPE_MUTATIONS } from './scrape-mutations.mjs';
import { SECURITY_MUTATIONS } from './security-mutations.mjs';
import { STORE_MUTATIONS } from './store-mutations.mjs';
import { WORKER_MUTATIONS } from './worker-mutations.mjs';

/**
 * Places of the code that keep a promise, each with a change that breaks it and the test that must notice.
 * `npm run test:mutations` tries them in a copy of the tree; `mutations.test.ts` keeps the list true to the code.
 */
export const MUTATIONS = [
  ...STORE_MUTATIONS,
  ...RUN_MUTATIONS,
  ...WORKER_MUTATIONS,
  ...SECURITY_MUTATIONS,
  ...CONFIG_MUTATIONS,
  ...SCHEDULE_MUTATIONS,
  ...SCRAPE_MUTATIONS,
  ...IDENTITY_MUTATIONS,
  ...RPC_MUTATIONS,
  ...MCP_MUTATIONS,
];
