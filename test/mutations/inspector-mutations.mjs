import { mutation } from './mutation.mjs';

const answers = 'src/core/operations/job-result-cache.ts';
const until = 'src/core/operations/explanation-expiry.ts';
const getJobTest = 'test/core/operations/get-job.test.ts';
const untilTest = 'test/core/operations/explanation-expiry.test.ts';
const TOLD = 'what is told of a job after %s is what somebody is told who asks for the first time';
const SAME = 'an explanation is the same at every moment until then';

/** What keeps an answer that is given again from being an old one. */
export const INSPECTOR_MUTATIONS = [
  mutation(
    'an answer is given again only while the database is the same',
    [answers, 'db.changeVersion() === known.mark &&', ''],
    [getJobTest, TOLD],
  ),
  mutation(
    'an answer is given again only while the file of the job is the same',
    [answers, 'sameStamp(stamp, known.stamp) &&', ''],
    [getJobTest, TOLD],
  ),
  mutation(
    'an answer is given again only while there is the same configuration',
    [answers, 'configs.has(known.configName) === known.hasConfig &&', ''],
    [getJobTest, TOLD],
  ),
  mutation(
    'an answer is given again only while its scheduler lives',
    [answers, '(known.holder === undefined || isAlive(known.holder.process)) &&', ''],
    [getJobTest, 'says that no scheduler runs as soon as the one that ran is dead'],
  ),
  mutation(
    'an answer is given again only while runs may start',
    [answers, 'describeDiskShortage(workspace) === undefined', 'true'],
    [getJobTest, 'says that the disk is too full as soon as it is'],
  ),
  mutation(
    'an answer is given again only as long as it is true by itself',
    [answers, 'now >= known.until', 'false'],
    [getJobTest, TOLD],
  ),
  mutation(
    'an answer is not given again when the clock has been set back',
    [answers, 'now < known.from ||', ''],
    [getJobTest, TOLD],
  ),
  mutation(
    'an answer with an edit that is not noted is not given again',
    [
      'src/core/operations/get-job.ts',
      'until: job.unnoticed === undefined ? explanationValidUntil(facts, firstUndecided) : facts.now,',
      'until: explanationValidUntil(facts, firstUndecided),',
    ],
    [
      getJobTest,
      'an edit by hand that could not be noted is noted by the next call, so that another one has another revision',
    ],
  ),
  mutation(
    'an explanation that may change at any moment is not remembered',
    [until, 'if (changesByItself || isPassing) return now;', ''],
    [untilTest, SAME],
  ),
  mutation(
    'what has passed is overdue a moment later',
    [until, 'if (changesByItself || isPassing) return now;', 'if (changesByItself) return now;'],
    [untilTest, SAME],
  ),
  mutation(
    'what is overdue is too long ago after the grace time',
    [until, 'graceUntil(facts), ', ''],
    [untilTest, SAME],
  ),
];
