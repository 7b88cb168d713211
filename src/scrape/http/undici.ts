import buildConnector from 'undici/lib/core/connect.js';
import errors from 'undici/lib/core/errors.js';
import Agent from 'undici/lib/dispatcher/agent.js';

/**
 * The used parts of undici. Its index would also load `fetch`, WebSocket and mocks, and with them Node's own copy of
 * undici. That costs 70 ms of CPU per run, and the process dies if the system has no memory for their WebAssembly.
 */
export { Agent, buildConnector, errors };
