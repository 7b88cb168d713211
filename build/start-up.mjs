// What the bundle loads otherwise than the sources say, for the time that a command takes to start.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const packages = createRequire(import.meta.url);

const NATIVE = '\0libsql';
/**
 * Node looks through the text of a CommonJS package for the names that it exports, before it runs it: with WebAssembly, which
 * takes longer to start than libsql itself. `require` does not ask.
 *
 * And libsql has Node write a whole diagnostic report, 5 ms, to learn which C library this is, then asks the file system the
 * same. It gets an empty report, and the true one where it finds nothing to load with that.
 */
const requiredNative = {
  name: 'required-native',
  resolveId: (id) => (id === 'libsql' ? NATIVE : null),
  load: (id) =>
    id === NATIVE
      ? `import { createRequire } from 'node:module';
const required = () => createRequire(import.meta.url)('libsql');
const { report } = process;
const { getReport } = report ?? {};
const withoutReport = () => {
  if (getReport === undefined) return required();
  report.getReport = () => ({});
  try {
    return required();
  } catch {
    report.getReport = getReport;
    return required();
  } finally {
    report.getReport = getReport;
  }
};
export default withoutReport();`
      : null,
};

/**
 * What of these packages is used. Each is a file of its own that is read when the first of it is: most commands meet no YAML and
 * no cron expression, what lists or shows has nothing to check with zod, runs need no character set before their first answer
 * and no public suffix before their first cookie, and whoever does may do so where nothing can be waited for. YAML and zod are
 * taken from their modules, as what is not used of them is left out.
 */
const LATE = {
  croner: { names: ['Cron'], from: packages.resolve('croner') },
  cronstrue: { names: ['default'], from: packages.resolve('cronstrue') },
  'encoding-sniffer': {
    names: ['decodeBuffer', 'getEncoding'],
    from: packages.resolve('encoding-sniffer'),
  },
  'jsonc-parser': {
    names: ['createScanner', 'parseTree'],
    from: join(dirname(packages.resolve('jsonc-parser/package.json')), 'lib', 'esm', 'main.js'),
  },
  'lru-cache': { names: ['LRUCache'], from: packages.resolve('lru-cache') },
  'tough-cookie': { names: ['Cookie', 'CookieJar'], from: packages.resolve('tough-cookie') },
  yaml: {
    names: [
      ...['Document', 'LineCounter', 'Scalar', 'parse', 'parseDocument', 'visit'],
      ...['isAlias', 'isMap', 'isScalar', 'isSeq'],
    ],
    from: join(dirname(packages.resolve('yaml/package.json')), 'browser', 'dist', 'index.js'),
  },
  zod: {
    names: [
      'any array boolean coerce discriminatedUnion email enum int intersection iso lazy literal looseObject null number',
      'object optional preprocess record safeParse strictObject string toJSONSchema union unknown url',
      'NEVER ZodDefault ZodIssueCode ZodObject',
    ].flatMap((words) => words.split(' ')),
    from: join(dirname(packages.resolve('zod/package.json')), 'index.js'),
  },
};
/** What the packages of others call them. */
const SAME = { 'zod/v4': 'zod' };
const STANDING_IN = '\0late:';
const USED = '\0used';

/** Stands in for a package: functions, classes and what hangs on them, each the package's own once it is touched. */
function standIn(name) {
  // Names such as `enum` and `null` may be exported, but not be those of a variable.
  const each = LATE[name].names.map(
    (exported, at) => `const late${at} = late((it) => it.${exported});\nexport { late${at} as ${exported} };`,
  );
  return `import { createRequire } from 'node:module';
let loaded;
const late = (pick) => {
  const it = () => pick((loaded ??= createRequire(import.meta.url)('./${name}.cjs')));
  return new Proxy(function () {}, {
    get: (_, key) => it()[key],
    apply: (_, self, args) => Reflect.apply(it(), self, args),
    construct: (_, args) => new (it())(...args),
  });
};
${each.join('\n')}`;
}

const latePackages = {
  name: 'late-packages',
  resolveId(id) {
    const name = SAME[id] ?? id;
    return Object.hasOwn(LATE, name) ? `${STANDING_IN}${name}` : null;
  },
  load: (id) => (id.startsWith(STANDING_IN) ? standIn(id.slice(STANDING_IN.length)) : null),
};

/**
 * Modules of Node itself that take milliseconds to load, as each brings others with it and is read once more for its names,
 * and what is used of them: loaded when the first of it is called. To most commands it never is.
 */
const LATE_BUILTINS = {
  'node:child_process': ['execFile', 'execFileSync', 'spawn', 'spawnSync'],
  'node:crypto': [
    'createHash',
    'createPublicKey',
    'hash',
    'randomBytes',
    'randomFillSync',
    'randomInt',
    'randomUUID',
  ],
};
const OURS_OR_COMMANDER = /[\\/](?:src|node_modules[\\/]commander)[\\/]/;
const LATE_BUILTIN = '\0builtin:';

const lateBuiltins = {
  name: 'late-builtins',
  resolveId(id, importer = '') {
    if (!OURS_OR_COMMANDER.test(importer)) return null;
    // Its names are read at the first import, among them the streams, of which nobody may ever need one.
    if (id === 'node:process') return `${LATE_BUILTIN}process`;
    return Object.hasOwn(LATE_BUILTINS, id) ? `${LATE_BUILTIN}${id}` : null;
  },
  load(id) {
    if (!id.startsWith(LATE_BUILTIN)) return null;
    const name = id.slice(LATE_BUILTIN.length);
    if (name === 'process') return { code: 'module.exports = process;', moduleType: 'js' };
    const each = LATE_BUILTINS[name].map(
      (exported) => `export const ${exported} = (...args) => it().${exported}(...args);`,
    );
    return `let loaded;\nconst it = () => (loaded ??= process.getBuiltinModule('${name}'));\n${each.join('\n')}`;
  },
};

export const startUpPlugins = [requiredNative, latePackages, lateBuiltins];

/**
 * Writes the packages that are read late into a folder, beside what stands in for them.
 * @throws Error for a package without one of its names: a CommonJS one would be bundled without a word, and fail when it is used
 */
export async function writeLatePackages(folder, late = LATE) {
  for (const [name, { names, from }] of Object.entries(late)) {
    const used = {
      name: 'used',
      resolveId: (id) => (id === USED ? id : null),
      load: (id) => (id === USED ? `export { ${names.join(', ')} } from ${JSON.stringify(from)};` : null),
    };
    const file = join(folder, `${name}.cjs`);
    const bundle = await rolldown({ platform: 'node', input: USED, plugins: [used] });
    await bundle.write({
      file,
      format: 'cjs',
      exports: 'named',
      minify: 'dce-only',
      comments: { legal: true, annotation: false, jsdoc: false },
    });
    await bundle.close();
    const written = packages(file);
    delete packages.cache[file];
    const missing = names.filter((exported) => written[exported] === undefined);
    if (missing.length > 0)
      throw new Error(`${name} has no export ${missing.join(', ')} (LATE in build/start-up.mjs names it)`);
  }
}
