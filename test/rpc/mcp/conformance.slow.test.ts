import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';
import { PROGRAM } from '../../program.ts';
import { HOME_FOLDER, type Judgement, runConformance, suiteScenarios } from './conformance-suite.ts';
import { hasConformanceTools } from './conformance-tools.ts';

/** All that the suite's version 0.1.16 has for servers. */
const SCENARIOS = [
  'completion-complete',
  'dns-rebinding-protection',
  'elicitation-sep1034-defaults',
  'elicitation-sep1330-enums',
  'json-schema-2020-12',
  'logging-set-level',
  'ping',
  'prompts-get-embedded-resource',
  'prompts-get-simple',
  'prompts-get-with-args',
  'prompts-get-with-image',
  'prompts-list',
  'resources-list',
  'resources-read-binary',
  'resources-read-text',
  'resources-subscribe',
  'resources-templates-read',
  'resources-unsubscribe',
  'server-initialize',
  'server-sse-multiple-streams',
  'server-sse-polling',
  'tools-call-audio',
  'tools-call-elicitation',
  'tools-call-embedded-resource',
  'tools-call-error',
  'tools-call-image',
  'tools-call-mixed-content',
  'tools-call-sampling',
  'tools-call-simple-text',
  'tools-call-with-logging',
  'tools-call-with-progress',
  'tools-list',
];

/** What no fixture is needed for. */
const PLAIN = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list'];

/** Advice on how HTTP streams are resumed: it is about the front that the suite needs, not about the server behind it. */
const ABOUT_HTTP = ['server-sse-priming-event', 'server-sse-retry-field'];

/** What the suite has against the server; the scenario must have been judged. */
function complaints(judgement: Judgement, scenario: string): string[] {
  const checks = judgement.get(scenario) ?? [];
  expect(checks).not.toEqual([]);
  return checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING' || status === 'SKIPPED')
    .filter(({ id }) => !ABOUT_HTTP.includes(id))
    .map(({ id, status, errorMessage }) => `${status} ${id}: ${errorMessage}`);
}

it('the conformance suite is there in CI', () => {
  // npm ci --prefix test/conformance --ignore-scripts; .ci/run does it.
  expect(hasConformanceTools || !process.env['CI']).toBe(true);
});

describe.skipIf(!hasConformanceTools)(
  'the conformance suite (needs npm ci --prefix test/conformance)',
  () => {
    describe('of our server with the fixtures that it asks for', () => {
      let judgement: Judgement;
      beforeAll(async () => {
        const { file, remove } = await bundleFixture('conformance-server');
        judgement = await runConformance([file, HOME_FOLDER], 'all').finally(remove);
      });

      it('has a verdict on each of its scenarios', async () => {
        expect([...judgement.keys()].sort()).toEqual(SCENARIOS);
        expect(await suiteScenarios()).toEqual(SCENARIOS);
      });

      it.each(SCENARIOS)('passes %s', (scenario) => {
        expect(complaints(judgement, scenario)).toEqual([]);
      });
    });

    describe('of quickscrape mcp as it is shipped', () => {
      let judgement: Judgement;
      beforeAll(async () => {
        judgement = await runConformance([PROGRAM, 'mcp', '--home', HOME_FOLDER], PLAIN);
      });

      it.each(PLAIN)('passes %s', (scenario) => {
        expect(complaints(judgement, scenario)).toEqual([]);
      });
    });
  },
);
