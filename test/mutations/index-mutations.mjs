import { mutation } from './mutation.mjs';

const jobIndex = 'src/core/jobs/job-index.ts';
const indexFile = 'src/core/jobs/job-index-file.ts';
const jobText = 'src/core/jobs/job-text.ts';
const test = 'test/core/jobs/job-index.test.ts';
const SAME = 'by the index the files say what they say without it, whatever has become of them since';

/** What keeps a line of the index from standing for a file that says something else. */
export const INDEX_MUTATIONS = [
  mutation(
    'a line stands for a file only while the file has its stamp',
    [jobIndex, 'if (now === undefined || !sameStamp(now, stamp)) return undefined;', ''],
    [test, SAME],
  ),
  mutation(
    'a line stands for a definition only while the database has noted that one',
    [jobIndex, 'if (knownHash !== (print ?? text)) return undefined;', ''],
    [test, SAME],
  ),
  mutation(
    'a file that says more than a line holds is not in the index',
    [
      jobText,
      'isPlain: extra === NONE && schemaVersion === SCHEMA_VERSION && said.every(isCanonicalField),',
      'isPlain: true,',
    ],
    [test, SAME],
  ),
  mutation(
    'fields within a field keep their order',
    [jobText, 'return !isObject(value) && (field', 'return (field'],
    [test, SAME],
  ),
  mutation(
    'a damaged index is none',
    [jobIndex, "${hash('sha1', lines)}", '${lines.length > 0}'],
    [test, 'an index that is damaged, cut, of another folder, of another version or no file is none'],
  ),
  mutation(
    'what may change without a trace is not in the index',
    [indexFile, "if (settled && parsed.kind === 'valid') yield", "if (parsed.kind === 'valid') yield"],
    [test, 'a file that may change once more without a trace in its stamp is not in the index'],
  ),
  mutation(
    'no index is written where it would be old the next time',
    [indexFile, 'read >= many && changed < many', 'read >= many'],
    [
      test,
      'is written when a quarter of the files had to be read, and by nobody who found more of them changed',
    ],
  ),
];
