import { text } from 'node:stream/consumers';
import {
  FREE,
  ORIGIN_FIELDS,
  type RequestSent,
  type ScraperRequest,
  scraperRequestSchema,
  type TestProgress,
} from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { enableCompileCache } from '../../core/process/compile-cache.ts';
import { ExitDeadline } from './exit-deadline.ts';

/** A hostile text could have thousands. */
const MAX_ISSUES = 100;

/** A process that stays ends after this many questions, so that a slow leak of a library never matters. */
const MAX_QUESTIONS = 100;
/** A process that stays ends when it has taken more memory than this, in bytes. */
const MAX_IDLE_MEMORY = 300 * 1024 * 1024;

let deadline: ExitDeadline | undefined;

/**
 * Answers one question about a configuration. Reads it from standard input as JSON, and writes the answer to standard
 * output as JSON, in the last line. Earlier lines report the requests to sites, and the pages of a test run.
 * The core, which has no code for pages or selectors, starts this program (core/configs/inspector-process.ts).
 *
 * With `--stay`, it answers a question a line, and says `free` after an answer if it can take another one. Only questions
 * that fetch nothing are asked so. It ends when its input ends.
 */
async function main(): Promise<void> {
  if (!process.argv.includes('--stay')) {
    writeAnswer(await answer(await text(process.stdin)), () => process.exit(0));
    return;
  }
  let count = 0;
  for await (const line of readLines(process.stdin)) {
    isAnswered = false;
    const given = await answer(line);
    count += 1;
    const mayStay = canTakeAnother(given) && count < MAX_QUESTIONS;
    await new Promise<void>((resolve) => writeAnswer(given, resolve));
    if (!mayStay || process.memoryUsage.rss() > MAX_IDLE_MEMORY) break;
    process.stdout.write(`${FREE}\n`);
    deadline?.set(null);
  }
  process.exit(0);
}

/** After a page that could not be read, or a fault of this program, nothing is asked of this process again. */
function canTakeAnother(answer: object): boolean {
  if (!('refused' in answer)) return true;
  const { code, field } = answer.refused as { code?: string; field?: string };
  // A field that names the page: it could not be read.
  return code === 'invalid_params' && !Object.values(ORIGIN_FIELDS).includes(field ?? '');
}

/** Not `readline`, which also splits at U+2028. */
async function* readLines(input: NodeJS.ReadStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Never rejects: an error is an answer. */
async function answer(line: string): Promise<object> {
  try {
    const question = scraperRequestSchema.parse(JSON.parse(line));
    if (deadline === undefined) deadline = new ExitDeadline(question.time_limit_ms);
    else deadline.set(question.time_limit_ms);
    return await answerQuestion(question);
  } catch (error) {
    return refused(error);
  }
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
    const { comparePagesOfRun } = await import('./compare-kept-pages.ts');
    return comparePagesOfRun(question, reportRequest);
  }
  if (question.ask === 'find') {
    const { findPageSelectors } = await import('./find-page-selectors.ts');
    return findPageSelectors(question, reportRequest);
  }
  if (question.ask === 'export') {
    const { exportSelection } = await import('./export-selection.ts');
    return exportSelection(question, (share) => writeLine({ share }));
  }
  const { testSavedPages, testLivePages } = await import('./test-run.ts');
  if (question.pages !== undefined) return testSavedPages(question);
  return testLivePages(question, reportRequest, (progress) => writeLine({ progress }));
}

// A connection that breaks after its page was read must not prevent the answer.
process.on('uncaughtException', (error: unknown) =>
  writeAnswer(toInternalError(error instanceof Error ? error.name : ''), () => process.exit(0)),
);

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
function writeLine(line: { sent: RequestSent } | { progress: TestProgress } | { share: number }): void {
  if (!isAnswered) process.stdout.write(`${JSON.stringify(line)}\n`);
}

function writeAnswer(answer: object, onWritten: () => void): void {
  if (isAnswered) return;
  isAnswered = true;
  process.stdout.write(`${JSON.stringify(answer)}\n`, onWritten);
}

enableCompileCache();
await main();
