import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobHome, removeHome } from '../job-home.mjs';
import { shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';

const BUDGET = 1.1;
const PEER = 'without channels';
const WHY = 'Three rows more are written in the same transaction; most of its time is the disk.';
const NAMES = ['mail', 'chat', 'phone'];
const FAILED = {
  outcome: 'failed',
  error: { kind: 'http', message: 'HTTP 503' },
  items: 0,
  pages: 1,
  bytes: 9,
};

/** Failed runs whose outcome is recorded, in one durable transaction each: with messages for three channels, and without. */
export async function outcomes(core, { rounds = 9, isSmoke }) {
  const count = isSmoke ? 3 : 100;
  const homes = [];
  try {
    for (const names of [NAMES, []]) homes.push(await openHome(core, names));
    const [us, peer] = await spreads(
      homes.map((home) => () => recordOutcomes(core, home, count)),
      rounds,
    );
    return [
      {
        name: 'outcome of a run recorded, with three channels',
        ours: shown(us, 3).value,
        spread: shown(us, 3).spread,
        unit: 'ms',
        peers: [{ name: PEER, ...shown(peer, 3) }],
        ...ratioTo(PEER, us.median, peer.median),
        ...atMost(us.median / peer.median, BUDGET, { why: WHY }),
      },
    ];
  } finally {
    for (const { workspace, home } of homes) {
      workspace.close();
      await removeHome(home);
    }
  }
}

async function openHome(core, names) {
  const notify = names.map((channel) => ({ channel, on: ['failure'] }));
  const home = await jobHome(1, () => ({ notify: notify.length > 0 ? notify : [], max_retries: 0 }));
  const lines = NAMES.map((name) => `${name}: { type: ntfy, url: "http://127.0.0.1:9/${name}" }\n`);
  writeFileSync(join(home, 'channels.yaml'), lines.join(''), { mode: 0o600 });
  return { home, names, workspace: core.openWorkspace({ home, actor: 'library' }) };
}

/** The milliseconds of one outcome, on average. */
function recordOutcomes(core, { workspace, names }, count) {
  const { db, clock, jobs } = workspace;
  const [job] = jobs.list();
  const { definition } = job.record;
  let took = 0;
  for (let index = 0; index < count; index += 1) {
    const now = clock.now();
    const run = core.enqueueRun(
      db,
      {
        ...{ jobId: job.id, configName: 'prices', trigger: 'manual', scheduledFor: null, timezone: 'UTC' },
        ...{ status: 'queued', maxAttempts: 1, priority: 0, overlap: 'allow', requestedBy: 'library' },
      },
      now,
    );
    const token = `t${index}`;
    core.markStarting(db, run.runId, token, now + 60_000);
    const who = { pid: process.pid, startTime: '1', bootId: 'b', home: 'h' };
    const claimed = core.claimStart(db, run.runId, token, who, now, 60_000, definition);
    const started = performance.now();
    core.recordResult(workspace, claimed, FAILED);
    took += performance.now() - started;
  }
  const [{ written }] = db.all('SELECT count(*) AS written FROM messages', []);
  const [{ ended }] = db.all("SELECT count(*) AS ended FROM runs WHERE status = 'failed'", []);
  if (written !== ended * names.length) throw new Error(`${written} messages for ${ended} outcomes`);
  return took / count;
}
