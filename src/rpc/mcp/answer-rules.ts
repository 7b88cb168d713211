import type { Shortenable } from './fit-answer.ts';

/**
 * An answer to a call that did not ask for so much, in bytes of JSON. With its text and what the protocol adds it has at
 * most 2 KB.
 */
export const USUAL_ANSWER = 1_520;
/** No answer is larger, whatever was asked for. */
export const LARGEST_ANSWER = 19_000;

/** How the answer of an operation is kept small. */
export interface AnswerRule {
  /** Its list that goes on at `next_cursor`. */
  pages?: string;
  /** Parameters that say how much is wanted: with one of them, more than the usual is given. */
  asks?: readonly string[];
  /** What may be shortened, first to last. */
  lists?: readonly Shortenable[];
  /** Items of a list that must not go before others. */
  first?: { list: string; is(item: Record<string, unknown>): boolean };
  /** Texts that are what was asked for. */
  keep?: readonly string[];
  /** How a model gets all of what is cut in texts and in the lists within fields. */
  rest?: string;
}

const JOB = 'the resource quickscrape://jobs/{job_id} has all of it';
const RUN = 'the resource quickscrape://runs/{run_id} has more of it';

const ITEMS = 'the output file has all items';

export const ANSWER_RULES: Readonly<Record<string, AnswerRule>> = {
  list_jobs: { pages: 'jobs', asks: ['limit'], rest: 'get_job says more of one' },
  list_runs: { pages: 'runs', asks: ['limit'], rest: 'get_run says more of one' },
  create_job: { rest: JOB },
  update_job: { rest: JOB },
  restore_job: { rest: JOB },
  run_job: { rest: RUN },
  retry_run: { rest: RUN },
  cancel_run: { rest: RUN },
  get_job: {
    rest: JOB,
    lists: [
      { list: 'recent_runs', from: 'end', rest: 'list_runs with this job_id' },
      { list: 'explanation', from: 'end', rest: 'list_runs with this job_id' },
    ],
  },
  get_run: {
    asks: ['log_lines', 'sample_items'],
    rest: 'ask for more with log_lines or sample_items',
    lists: [
      { list: 'log_tail', from: 'start', rest: 'log_lines, or the resource quickscrape://runs/{run_id}/log' },
      { list: 'sample', from: 'end', rest: ITEMS },
      { list: 'attempts', from: 'start', rest: 'the last ones are shown' },
      { list: 'warnings', from: 'end', rest: 'the log has them all' },
      { list: 'selectors', from: 'end', rest: 'those that stopped come first' },
    ],
    first: { list: 'selectors', is: ({ stopped }) => stopped === true },
  },
  test_config: {
    asks: ['sample_items'],
    lists: [
      { list: 'sample', from: 'end', rest: 'ask for fewer with sample_items' },
      { list: 'warnings', from: 'end', rest: 'the first ones are shown' },
      { list: 'matches', from: 'end', rest: 'those without a match come first' },
    ],
    first: { list: 'matches', is: ({ matched }) => matched === 0 },
  },
  compare_runs: { asks: ['limit'], lists: [{ list: 'examples', from: 'end', rest: 'limit' }] },
  preview_schedule: {
    asks: ['count'],
    lists: [
      { list: 'notes', from: 'end', rest: 'ask for a smaller count' },
      { list: 'next_runs', from: 'end', rest: 'ask again with from' },
    ],
  },
  forecast_runs: {
    asks: ['hours', 'limit'],
    lists: [
      { list: 'occurrences', from: 'end', rest: 'ask for fewer hours' },
      { list: 'collisions', from: 'end', rest: 'ask for fewer hours' },
      { list: 'by_hour', from: 'end', rest: 'ask for fewer hours' },
    ],
  },
  list_configs: {
    rest: 'list_jobs with config_name shows all jobs of one',
    lists: [{ list: 'configs', from: 'end', rest: 'get_config names the closest to a guess' }],
  },
  get_config: { asks: ['config_name'], keep: ['yaml'] },
};
