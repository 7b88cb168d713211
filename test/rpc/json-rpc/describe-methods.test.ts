import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { ERROR_CODES } from '../../../src/core/lib/errors.ts';
import { OPERATION_NAMES } from '../../../src/core/operations/operations.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { exposedOperations } from '../../../src/rpc/access/session.ts';
import { describeMethods } from '../../../src/rpc/json-rpc/describe-methods.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { it } from '../../extend.ts';
import { PROGRAM } from '../../program.ts';
import { startRpc } from './rpc-client.ts';

const CONFORMANCE = fileURLToPath(new URL('../../conformance/node_modules', import.meta.url));

interface Method {
  name: string;
  params: { name: string; required: boolean; schema: object }[];
  result: { schema: object };
  errors?: { code: number; message: string }[];
}

async function describedMethods(policy: Partial<Policy> = {}) {
  const whole = { ...DEFAULT_POLICY, ...policy };
  const document = describeMethods((await exposedOperations(whole)).values(), whole);
  return { document, methods: document['methods'] as Method[] };
}

/** The schema of documents that OpenRPC publishes. It leaves the schemas within them to the schema of JSON Schema. */
function compileMetaSchema() {
  const file = `${CONFORMANCE}/@open-rpc/meta-schema/index.js`;
  const { $schema, ...schema } = createRequire(file)(file).openrpcDocument;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const jsonSchema = 'https://meta.json-schema.tools';
  ajv.addSchema({ $id: jsonSchema, allOf: [{ $ref: 'http://json-schema.org/draft-07/schema#' }] });
  const reference = JSON.stringify({ $ref: `${jsonSchema}/#/definitions/JSONSchemaObject/properties/$ref` });
  return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll(reference, '{"type":"string"}')));
}

it('gives a document that the schema of OpenRPC takes, with every operation', async () => {
  const { document, methods } = await describedMethods();
  const validate = compileMetaSchema();
  expect([validate(document), validate.errors]).toEqual([true, null]);
  expect(validate({ ...document, methods: [{ name: 'no params' }] })).toBe(false);
  expect(methods.map(({ name }) => name)).toEqual([...OPERATION_NAMES, 'subscribe', 'unsubscribe']);
  const subscribe = methods.find(({ name }) => name === 'subscribe');
  expect(subscribe).toHaveProperty(
    'x-notifications',
    expect.arrayContaining([
      expect.objectContaining({ name: 'test_progress', params: expect.arrayContaining(['id']) }),
    ]),
  );
});

it('gives schemas that stand for themselves, and the errors of each method', async () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const { methods } = await describedMethods();
  for (const { params, result, errors = [] } of methods) {
    for (const { schema } of [...params, result]) expect(() => ajv.compile(schema)).not.toThrow();
    for (const { code, message } of errors) expect(ERROR_CODES).toMatchObject({ [message]: code });
  }
  const runJob = methods.find(({ name }) => name === 'run_job');
  expect(runJob?.params.filter(({ required }) => required).map(({ name }) => name)).toEqual(['job_id']);
  expect(runJob?.errors?.map(({ message }) => message)).toContain('job_not_found');
});

it('describes only what the policy allows', async () => {
  const { methods } = await describedMethods({ readOnly: true });
  expect(methods.map(({ name }) => name)).not.toContain('create_job');
  const test = methods.find(({ name }) => name === 'test_config');
  expect(test?.params.find(({ name }) => name === 'run_id')?.required).toBe(true);
  const { methods: all } = await describedMethods();
  const fields = all.find(({ name }) => name === 'create_job')?.params.map(({ name }) => name);
  expect(fields).not.toContain('on_success');
});

it('answers rpc.discover, also where there is no home yet', async ({ folder }) => {
  const client = startRpc({ home: join(folder, 'none') });
  expect(await client.call('rpc.discover')).toMatchObject({ openrpc: '1.3.2' });
  expect(await client.refusal('rpc.discover', { now: true })).toMatchObject({ code: -32602 });
  await client.end();
});

it.skipIf(spawnSync('python3', ['--version']).status !== 0)(
  'editors/python calls methods, says what was refused, and reports changes',
  async ({ folder }) => {
    const { home, json } = shopHome();
    await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
    const script = `
import sys, threading
sys.path.insert(0, ${JSON.stringify(join(process.cwd(), 'editors/python'))})
sys.dont_write_bytecode = True
from quickscrape_rpc import QuickScrape, QuickScrapeError
seen = threading.Event()
def changed(name, params):
    if name == "job_changed" and params["job_id"] == "mine": seen.set()
with QuickScrape(${JSON.stringify([process.execPath, PROGRAM, 'rpc', '--home', home])}, on_change=changed) as jobs:
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(jobs.call("list_jobs")["total"])) for _ in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(answers == [1] * 20)
    jobs.call("update_job", job_id="mine", changes={"priority": 3})
    print(seen.wait(60))
    try: jobs.call("get_job", job_id="min")
    except QuickScrapeError as error: print(error.code, "mine" in str(error) + str(error.hint))
try: jobs.call("list_jobs")
except (ConnectionError, ValueError): print("ended")
`;
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { encoding: 'utf8', cwd: folder });
    expect([stdout, stderr]).toEqual(['True\nTrue\njob_not_found True\nended\n', '']);
  },
);

it('the README of editors/python is a program that Python takes', () => {
  const page = readFileSync('editors/python/README.md', 'utf8');
  const script = /```python\n(.*?)```/s.exec(page)?.[1] ?? '';
  const { status } = spawnSync('python3', ['-c', `compile(${JSON.stringify(script)}, 'README', 'exec')`]);
  expect(status ?? 0).toBe(0);
});
