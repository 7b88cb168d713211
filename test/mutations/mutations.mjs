import { CONFIG_MUTATIONS } from './config-mutations.mjs';
import { IDENTITY_MUTATIONS } from './identity-mutations.mjs';
import { MCP_MUTATIONS } from './mcp-mutations.mjs';
import { RPC_MUTATIONS } from './rpc-mutations.mjs';
import { RUN_MUTATIONS } from './run-mutations.mjs';
import { SCHEDULE_MUTATIONS } from './schedule-mutations.mjs';
import { SCRAPE_MUTATIONS } from './scrape-mutations.mjs';
import { SECURITY_MUTATIONS } from './security-mutations.mjs';
import { STANDBY_MUTATIONS } from './standby-mutations.mjs';
import { STORE_MUTATIONS } from './store-mutations.mjs';

/**
 * What the promises rest on, and for each the test that notices when it is gone. `npm run test:mutations` takes each out
 * of a copy of the tree and expects that test to fail; `mutations.test.ts` keeps this list true to the code.
 */
export const MUTATIONS = [
  ...STORE_MUTATIONS,
  ...RUN_MUTATIONS,
  ...STANDBY_MUTATIONS,
  ...SECURITY_MUTATIONS,
  ...CONFIG_MUTATIONS,
  ...SCHEDULE_MUTATIONS,
  ...SCRAPE_MUTATIONS,
  ...IDENTITY_MUTATIONS,
  ...RPC_MUTATIONS,
  ...MCP_MUTATIONS,
];
