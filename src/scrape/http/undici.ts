import buildConnector from 'undici/lib/core/connect.js';
import errors from 'undici/lib/core/errors.js';
import Agent from 'undici/lib/dispatcher/agent.js';

/**
 * What is used of undici. Its index would load `fetch`, WebSocket and mocks as well, and through them Node's own copy of
 * undici: 70 ms of CPU in each run, and a process that dies where the system gives no memory for their WebAssembly.
 */
export { Agent, buildConnector, errors };
