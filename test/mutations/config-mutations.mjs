import { mutation } from './mutation.mjs';

const save = 'test/core/operations/save-config.slow.test.ts';
const edits = 'test/core/configs/config-edits.test.ts';
const testRun = 'test/core/operations/test-config.slow.test.ts';

/** Configurations that programs change and test. */
export const CONFIG_MUTATIONS = [
  mutation(
    'a configuration is saved under the lock',
    ['ConfigEdits.#locked', "await editUnderLock(lock, 'the configuration', work)", 'await work()'],
    [edits, 'waits for another process that changes the home'],
  ),
  mutation(
    'an overwritten configuration goes to the trash',
    [
      'ConfigEdits.save',
      "await (seen ? this.#keeping(seen, 'overwritten', replace) : replace());",
      'await replace();',
    ],
    [save, 'keeps each version that it overwrites in the trash, which no job is restored from'],
  ),
  mutation(
    'a configuration is compared again right before it is replaced',
    ['ConfigEdits.save', 'beforeReplace: () => this.#mustStillBe(name, seen),', ''],
    [edits, 'never loses another program’s write during a save: it is in place or in the trash'],
  ),
  mutation(
    'a kept configuration takes no other one’s place',
    ['Trash.putConfig', 'while (known.has(deletedAt)) deletedAt += 1;', ''],
    [edits, 'keeps versions that are overwritten within one millisecond apart'],
  ),
  mutation(
    'a configuration is reviewed before it is tried out',
    ['checkAndReviewConfig', 'context.reviewConfig?.(access);', 'undefined;'],
    [testRun, 'is refused by the caller’s review before anything is fetched'],
  ),
  mutation(
    'a test run shows no secret that the site sends back',
    [
      'RowTruncator.#text',
      'if (text.length <= MAX_TEXT_CHARACTERS) return this.#redact(text);',
      'if (text.length <= MAX_TEXT_CHARACTERS) return text;',
    ],
    ['test/scrape/inspector/sample-rows.test.ts', 'redacts what it shows, at any depth'],
  ),
  mutation(
    'a configuration that is tried on a kept page gets no variable',
    [
      'parseExtraction',
      '{},\n    {\n      partOf: keepExtractionKeys',
      'process.env,\n    {\n      partOf: keepExtractionKeys',
    ],
    ['test/scrape/config/extraction.test.ts', 'fills in no variable, also not one that is set'],
  ),
];
