import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import {
  type RequestSent,
  type ScraperRequest,
  scraperRequestSchema,
  type TestProgress,
} from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';

/** A hostile text could have thousands. */
const MAX_ISSUES = 100;

/**
 * Answers one question about a configuration. Reads it from standard input as JSON, and writes the answer to standard
 * output as JSON, in the last line. Earlier lines report the requests to sites, and the pages of a test run.
 * The core, which has no code for pages or selectors, starts this program (core/configs/scraper-client.ts).
 */
async function main(): Promise<object> {
  const question = scraperRequestSchema.parse(JSON.parse(await text(process.stdin)));
  enforceExitDeadline(question.time_limit_ms);
  return answerQuestion(question);
}

async function answerQuestion(question: ScraperRequest): Promise<object> {
  // Modules are loaded only when needed: checking a text needs no HTTP client.
  if (question.ask === 'check') {
    const { validateConfig } = await import('./validate-config.ts');
    return validateConfig(question);
  }
  if (question.ask === 'examine') {
    const { examineHome } = await import('./examine-home.ts');
    return examineHome(question);
  }
  if (question.ask === 'propose') {
    const { suggestSelectors } = await import('./suggest-selectors.ts');
    return suggestSelectors(question, reportRequest);
  }
  if (question.ask === 'page') {
    const { showPage } = await import('./show-page.ts');
    return showPage(question, reportRequest);
  }
  if (question.ask === 'compare') {
    const { compareKeptPages } = await import('./compare-kept-pages.ts');
    return compareKeptPages(question);
  }
  if (question.ask === 'find') {
    const { findPageSelectors } = await import('./find-page-selectors.ts');
    return findPageSelectors(question, reportRequest);
  }
  const { testSavedPages, testLivePages } = await import('./test-run.ts');
  if (question.pages !== undefined) return testSavedPages(question);
  return testLivePages(question, reportRequest, (progress) => writeLine({ progress }));
}

/** Extra time after the limit: the calling process normally ends this program first, and reports that. */
const GRACE_MS = 1_000;
const CHECK_INTERVAL_MS = 500;

/** Runs in its own thread, because the main thread may spend hours in a selector. */
const WATCHDOG_SCRIPT = `
const { workerData } = require('node:worker_threads');
const end = () => process.kill(process.pid, 'SIGKILL');
setTimeout(end, workerData.limitMs);
setInterval(() => process.ppid === workerData.parent || end(), workerData.lookEveryMs);
`;

/**
 * Ends this process when it exceeds its time limit, or when the process that started it has died. No other process
 * would end it.
 */
function enforceExitDeadline(limitMs: number): void {
  const workerData = { limitMs: limitMs + GRACE_MS, lookEveryMs: CHECK_INTERVAL_MS, parent: process.ppid };
  new Worker(WATCHDOG_SCRIPT, { eval: true, workerData }).unref();
}

// A connection that breaks after its page was read must not prevent the answer.
process.on('uncaughtException', (error: unknown) =>
  writeAnswer(toInternalError(error instanceof Error ? error.name : '')),
);

main().then(writeAnswer, (error: unknown) => writeAnswer(refused(error)));

function refused(error: unknown): object {
  if (!(error instanceof QuickscrapeError))
    return toInternalError(error instanceof Error ? error.message : '');
  const { issues, ...data } = error.toData();
  return {
    refused: { ...data, message: error.message, ...(issues && { issues: issues.slice(0, MAX_ISSUES) }) },
  };
}

function toInternalError(message: string): object {
  return {
    refused: { code: 'internal', message: `the program that reads configurations failed: ${message}` },
  };
}

let isAnswered = false;

function reportRequest(sent: RequestSent): void {
  writeLine({ sent });
}

/**
 * Writes at once (pipes are synchronous except on Windows), because this program may be ended before it has answered.
 */
function writeLine(line: { sent: RequestSent } | { progress: TestProgress }): void {
  if (!isAnswered) process.stdout.write(`${JSON.stringify(line)}\n`);
}

function writeAnswer(answer: object): void {
  if (isAnswered) return;
  isAnswered = true;
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}
