// Makes each mutation in a copy of the tree and expects its test to fail: a test that cannot fail proves nothing.
// Usage: npm run test:mutations [-- --only WORD] [--sample N] [--json FILE]
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTATIONS } from './mutations.mjs';
import { SourceTree } from './source-tree.mjs';
import { titlePattern } from './title.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WITHIN_MS = 180_000;
const { values } = parseArgs({
  options: { only: { type: 'string' }, sample: { type: 'string' }, json: { type: 'string' } },
});
const chosen = sampleOf(MUTATIONS.filter(({ name }) => name.includes(values.only ?? '')));
const copy = mkdtempSync(join(tmpdir(), 'quickscrape-mutations-'));
const verdicts = [];
try {
  copyTree();
  const sources = new SourceTree(join(copy, 'src'));
  const sound = new Map();
  for (const { name, edits, test, isBuilt = false } of chosen) {
    const { file, title } = test;
    const key = `${file}: ${title}`;
    if (!sound.has(key)) sound.set(key, await runTest(test));
    const before = sound.get(key);
    const verdict =
      before.how === 'passed'
        ? await mutated(sources.edited(edits), test, isBuilt)
        : `the test does not pass as it is: ${before.why}`;
    verdicts.push({ name, test: key, verdict });
    console.log(`${verdict === 'killed' ? 'killed  ' : 'SURVIVED'}  ${name}\n          ${key}`);
    if (verdict !== 'killed') console.log(`          ${verdict}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const killed = verdicts.filter(({ verdict }) => verdict === 'killed').length;
console.log(`\n${killed} of ${verdicts.length} mutations are killed by their test`);
if (values.json) writeFileSync(values.json, JSON.stringify(verdicts, null, 2));
process.exitCode = killed === verdicts.length && killed > 0 ? 0 : 1;

/** What git knows or would take; installed packages and the built program are lent. */
function copyTree() {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const file of files.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
}

/** A random sample of the size that `--sample` gives, or all. */
function sampleOf(mutations) {
  if (values.sample === undefined) return mutations;
  const shuffled = mutations.map((each) => [Math.random(), each]).sort(([one], [other]) => one - other);
  return shuffled.slice(0, Number(values.sample)).map(([, each]) => each);
}

/** The verdict of the test over these texts, by file. */
async function mutated(texts, test, isBuilt) {
  const before = new Map([...texts.keys()].map((path) => [path, readFileSync(path, 'utf8')]));
  try {
    for (const [path, text] of texts) writeFileSync(path, text);
    if (isBuilt) build();
    const { how, why } = await runTest(test);
    if (how === 'failed') return 'killed';
    return how === 'passed' ? 'the test passes all the same' : why;
  } finally {
    for (const [path, text] of before) writeFileSync(path, text);
    if (isBuilt) build();
  }
}

/** Without types: a change may leave something unused, which the compiler would refuse. */
function build() {
  const args = ['build/build.mjs', '--no-types'];
  execFileSync(process.execPath, args, { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs one test alone; `none` when it did not come to a verdict of its own, as after a syntax error. */
async function runTest({ file, title }) {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const pattern = titlePattern(title);
  const args = ['run', file, '-t', `${pattern}$`, '--reporter=json', `--outputFile=${report}`];
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    cwd: copy,
    env: { ...process.env, QS_TEST_NO_BUILD: '1', NO_COLOR: '1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said = (said + data).slice(-2_000);
    });
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), WITHIN_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const found = testsIn(report).filter(
    (test) => new RegExp(`^${pattern}$`).test(test.title) && test.status !== 'skipped',
  );
  if (found.some(({ status }) => status === 'failed'))
    return { how: 'failed', why: found[0].failureMessages.join('\n') };
  if (found.length > 0 && found.every(({ status }) => status === 'passed')) return { how: 'passed' };
  return { how: 'none', why: `no verdict: ${said}` };
}

function testsIn(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(
      ({ assertionResults }) => assertionResults,
    );
  } catch {
    return [];
  }
}
