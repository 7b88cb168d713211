import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { Session, type SessionState } from '../../../editors/vscode/src/session.ts';
import { it } from '../../extend.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

/** A program that reads whole messages and answers by `answer(request)`, until the test says otherwise. */
const SERVER = `
let input = '';
const send = (message) => {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  process.stdout.write('Content-Length: ' + Buffer.byteLength(text) + '\\r\\n\\r\\n' + text);
};
process.stdin.on('data', (data) => {
  input += data;
  for (;;) {
    const [head, length] = /^Content-Length: (\\d+)[^]*?\\r\\n\\r\\n/.exec(input) ?? [];
    if (head === undefined || input.length < head.length + Number(length)) return;
    const request = JSON.parse(input.slice(head.length, head.length + Number(length)));
    input = input.slice(head.length + Number(length));
    if (request.id !== undefined) answer(request);
  }
});
process.stdin.on('end', () => process.exit(0));
`;
const ANSWER = 'function answer({ id }) { send({ id, result: {} }); }';

const fast = { slowMs: 60_000, restartMs: [1, 1], steadyMs: 60_000, retryMs: 20 };

/** A session with a program of this text, and all states that it has had. */
function startSession(code: string, times: Partial<typeof fast> = {}) {
  const file = join(tempFolder(), 'program.mjs');
  writeFileSync(file, code);
  return startCommand([process.execPath, file], times);
}

function startCommand(command: string[], times: Partial<typeof fast> = {}) {
  const states: SessionState[] = [];
  const events = { onState: (state: SessionState) => void states.push(state), onNotification() {} };
  const session = new Session(() => ({ command, home: undefined }), events, { ...fast, ...times });
  onTestFinished(() => session.close());
  void session.restart();
  const reach = (kind: SessionState['kind']) =>
    waitFor(kind, () => session.state.kind === kind && session.state);
  return { session, states, reach };
}

describe('a session says in one message', () => {
  it('that a program is missing', async () => {
    const { reach } = startCommand(['no-such-quickscrape']);
    expect((await reach('no_program')).message).toMatch(
      /^The program "no-such-quickscrape" cannot be started \(ENOENT\)\. Install it with .*, or set quickscrape\.command\.$/,
    );
  });

  it('that a file is no program', async ({ folder }) => {
    const file = join(folder, 'readme.txt');
    writeFileSync(file, 'not a program');
    expect((await startCommand([file]).reach('no_program')).message).toContain('(EACCES)');
  });

  it('that a program is too old', async () => {
    const { reach } = startSession('console.error("error: unknown command \'rpc\'"); process.exit(2);');
    expect((await reach('old_program')).message).toMatch(
      /older than the extension needs\. Upgrade it: npm install/,
    );
  });

  it('that a program prints something else, and ends that program', async () => {
    const { session, reach } = startSession(
      'console.log("Welcome to [something](command:x) else"); setInterval(() => {}, 1e6);',
    );
    const { message } = await reach('failed');
    expect(message).toMatch(/something that is not JSON-RPC: "Welcome to \[something\] \(command:x\) else"/);
    await expect(session.call('list_jobs', {})).rejects.toThrow(message);
  });

  it('that a program prints something else later', async () => {
    const rubbish = `${SERVER} function answer({ id }) { send({ id, result: {} }); process.stdout.write('no header\\r\\n\\r\\n'); setInterval(() => {}, 1e6); }`;
    const { reach } = startSession(rubbish, { restartMs: [] });
    expect((await reach('failed')).message).toContain('something that is not JSON-RPC');
  });

  it('why a program ended, without its stack', async () => {
    const { states, reach } = startSession('throw new RangeError("no such thing");');
    expect((await reach('failed')).message).toMatch(/ended with code 1: RangeError: no such thing\.$/);
    expect(states.map(({ kind }) => kind)).toEqual(['failed']);
  });

  it('that a home is missing, until it is there', async () => {
    const refuse =
      "{ code: -32013, message: 'there is no home at /x', data: { code: 'home_not_found', hint: 'To make it: quickscrape init' } }";
    const code = `${SERVER} let asked = 0; function answer({ id }) { asked += 1; send(asked < 3 ? { id, error: ${refuse} } : { id, result: {} }); }`;
    const { states, reach } = startSession(code);
    await reach('ready');
    expect(states).toEqual([
      { kind: 'no_home', message: 'there is no home at /x. To make it: quickscrape init' },
      { kind: 'ready', message: '' },
    ]);
  });

  it('that an answer is slow, and takes that back when it comes', async () => {
    const code = `${SERVER} let held; function answer({ id, method }) {
      if (method === 'list_jobs') held = id;
      else send({ id, result: {} });
      if (method === 'list_configs') send({ id: held, result: { jobs: [], total: 0 } });
    }`;
    const { session, reach } = startSession(code, { slowMs: 50 });
    await reach('ready');
    const answer = session.call('list_jobs', {});
    await waitFor('the message', () =>
      session.state.message.startsWith('quickscrape has not answered list_jobs for'),
    );
    await session.call('list_configs', {});
    expect(await answer).toEqual({ jobs: [], total: 0 });
    expect(session.state).toEqual({ kind: 'ready', message: '' });
  });
});

describe('a program that ends', () => {
  it('is started again, and the calls that waited fail', async () => {
    const code = `${SERVER} function answer({ id, method }) { if (method === 'subscribe') send({ id, result: {} }); else process.exit(3); }`;
    const { session, states, reach } = startSession(code);
    await reach('ready');
    await expect(session.call('list_jobs', {})).rejects.toThrow(/quickscrape has ended|ended with code 3/);
    await reach('ready');
    expect(states.map(({ kind }) => kind)).toEqual(['ready', 'starting', 'ready']);
    expect(states[1]?.message).toMatch(/ended with code 3\. It is started again\.$/);
  });

  it('is not started over and over', async () => {
    const { states, reach } = startSession(
      `${SERVER} function answer({ id }) { send({ id, result: {} }); setTimeout(() => process.exit(3)); }`,
    );
    await reach('failed');
    const seen = states.map(({ kind }) => kind);
    expect(seen.filter((kind) => kind === 'starting')).toHaveLength(2);
  });

  it('ends with its session', async () => {
    const { session, reach } = startSession(`${SERVER} ${ANSWER}`);
    await reach('ready');
    await session.close();
    await expect(session.call('list_jobs', {})).rejects.toThrow('not connected');
  });

  it('is started once when two restarts come together', async ({ folder }) => {
    const log = join(folder, 'starts');
    const code = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(log)}, 'x'); ${SERVER} ${ANSWER}`;
    const { session, reach } = startSession(code);
    await reach('ready');
    await Promise.all([session.restart(), session.restart()]);
    await reach('ready');
    expect(readFileSync(log, 'utf8')).toBe('xx');
  });

  it('is killed when it does not end with its session', async () => {
    const { session, reach } = startSession(
      `${SERVER.replace('process.exit(0)', 'setInterval(() => {}, 1e6)')} ${ANSWER}`,
    );
    await reach('ready');
    await session.close();
  });
});
