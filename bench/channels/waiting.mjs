import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { jobHome, removeHome } from '../job-home.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { startedScheduler } from '../scheduler/program.mjs';
import { atMost, ratioTo } from '../verdict.mjs';

const BUDGET_MS = 1_000;
const WHY = 'The messenger is a Node process of its own, which opens the home first.';

/** Messages that waited while no scheduler ran: from the moment when one is ready until the first has left. */
export async function waiting(core, { rounds = 5, isSmoke }) {
  const messages = isSmoke ? 20 : 10_000;
  const [times] = await inTurn([() => firstMessage(core, messages)], rounds);
  const us = spreadOf(times);
  return [
    {
      name: `${messages.toLocaleString('en')} waiting messages, from the start of a scheduler until the first has left`,
      ours: shown(us).value,
      spread: shown(us).spread,
      unit: 'ms',
      peers: [],
      ...ratioTo('its budget', us.median, BUDGET_MS),
      ...atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY }),
    },
  ];
}

async function firstMessage(core, messages) {
  const home = await jobHome(1);
  let took;
  let scheduler;
  const receiver = createServer((request, response) => {
    took ??= performance.now();
    request.resume().on('end', () => response.end());
  });
  try {
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    writeFileSync(
      join(home, 'channels.yaml'),
      `hook: { type: webhook, url: "http://127.0.0.1:${receiver.address().port}/" }\n`,
      { mode: 0o600 },
    );
    const workspace = core.openWorkspace({ home, actor: 'library' });
    writeMessages(core, workspace, messages);
    workspace.close();
    const received = once(receiver, 'request');
    ({ scheduler } = await startedScheduler(home));
    const started = performance.now();
    await received;
    return Math.max(0, took - started);
  } finally {
    await scheduler?.stop();
    receiver.closeAllConnections();
    receiver.close();
    await removeHome(home);
  }
}

function writeMessages(core, { db, clock }, count) {
  const now = clock.now();
  const facts = core
    .messageFacts()
    .parse({ at: now, failures: 1, error: { kind: 'http', message: 'HTTP 503' } });
  const about = (index) => ({
    channel: 'hook',
    event: 'failure',
    jobId: `job-${index}`,
    runId: `run-${index}`,
    facts,
  });
  db.transaction(() =>
    core.insertMessages(
      db,
      Array.from({ length: count }, (_, index) => about(index)),
      now,
    ),
  );
}
