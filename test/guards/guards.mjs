import { ANSWER_GUARDS } from './answer-guards.mjs';
import { CONFIG_GUARDS } from './config-guards.mjs';
import { IDENTITY_GUARDS } from './identity-guards.mjs';
import { INDEX_GUARDS } from './index-guards.mjs';
import { MCP_GUARDS } from './mcp-guards.mjs';
import { PREPARED_GUARDS } from './prepared-guards.mjs';
import { RPC_GUARDS } from './rpc-guards.mjs';
import { RUN_GUARDS } from './run-guards.mjs';
import { SCHEDULE_GUARDS } from './schedule-guards.mjs';
import { SCRAPE_GUARDS } from './scrape-guards.mjs';
import { SECURITY_GUARDS } from './security-guards.mjs';
import { STORE_GUARDS } from './store-guards.mjs';

/**
 * What the promises rest on, and for each the test that notices when it is gone. `npm run test:guards` takes each out
 * of a copy of the tree and expects that test to fail; `guards.test.ts` keeps this list true to the code.
 */
export const GUARDS = [
  ...STORE_GUARDS,
  ...INDEX_GUARDS,
  ...RUN_GUARDS,
  ...PREPARED_GUARDS,
  ...SECURITY_GUARDS,
  ...CONFIG_GUARDS,
  ...SCHEDULE_GUARDS,
  ...SCRAPE_GUARDS,
  ...IDENTITY_GUARDS,
  ...RPC_GUARDS,
  ...MCP_GUARDS,
  ...ANSWER_GUARDS,
];
