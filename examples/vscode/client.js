// Speaks JSON-RPC 2.0 with `quickscrape rpc`. Knows nothing of VS Code, so any Node program may use it as it is.
const { spawn } = require('node:child_process');
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-jsonrpc/node');

/**
 * @param {string[]} command the program and its first arguments: `['quickscrape']`
 * @param {(kind: string, params: object) => void} onChange called for job_changed, run_changed …, once subscribed
 */
function connect(command, onChange) {
  const [program, ...args] = command;
  const child = spawn(program, [...args, 'rpc', '--framing', 'content-length'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const ended = new Promise((resolve) => {
    child.on('error', resolve);
    child.on('exit', resolve);
  });
  connection.onNotification(onChange);
  connection.listen();
  return {
    /** Params go by name; a failure is a `ResponseError` whose `data` has `code`, `field` and `hint`. */
    call: (method, params = {}) => connection.sendRequest(method, params),
    /** The end of its input ends the server, once it has answered; runs that it started go on. */
    async close() {
      connection.end();
      await ended;
    },
  };
}

module.exports = { connect };
