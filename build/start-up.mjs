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
 * no cron expression, runs need no character set before their first answer and no public suffix before their first cookie, and
 * whoever does may do so where nothing can be waited for. YAML is taken from its
 * modules, as what is not used of them is left out.
 */
const LATE = {
  croner: { names: ['Cron'], from: packages.resolve('croner') },
  cronstrue: { names: ['default'], from: packages.resolve('cronstrue') },
  'encoding-sniffer': {
    names: ['decodeBuffer', 'getEncoding'],
    from: packages.resolve('encoding-sniffer'),
  },
  'tough-cookie': { names: ['Cookie', 'CookieJar'], from: packages.resolve('tough-cookie') },
  yaml: {
    names: [
      ...['Document', 'LineCounter', 'Scalar', 'parse', 'parseDocument', 'visit'],
      ...['isAlias', 'isMap', 'isScalar', 'isSeq'],
    ],
    from: join(dirname(packages.resolve('yaml/package.json')), 'browser', 'dist', 'index.js'),
  },
};
const STANDING_IN = '\0late:';
const USED = '\0used';

/** Stands in for a package: functions, classes and what hangs on them, each the package's own once it is touched. */
function standIn(name) {
  const each = LATE[name].names.map((exported) => {
    const value = exported === 'default' ? 'late(({ default: it }) => it)' : `late((it) => it.${exported})`;
    return exported === 'default' ? `export default ${value};` : `export const ${exported} = ${value};`;
  });
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
  resolveId: (id) => (Object.hasOwn(LATE, id) ? `${STANDING_IN}${id}` : null),
  load: (id) => (id.startsWith(STANDING_IN) ? standIn(id.slice(STANDING_IN.length)) : null),
};

export const startUpPlugins = [requiredNative, latePackages];

/** Writes the packages that are read late into a folder, beside what stands in for them. */
export async function writeLatePackages(folder) {
  for (const [name, { names, from }] of Object.entries(LATE)) {
    const used = {
      name: 'used',
      resolveId: (id) => (id === USED ? id : null),
      load: (id) => (id === USED ? `export { ${names.join(', ')} } from ${JSON.stringify(from)};` : null),
    };
    const bundle = await rolldown({ platform: 'node', input: USED, plugins: [used] });
    await bundle.write({
      file: `${folder}/${name}.cjs`,
      format: 'cjs',
      exports: 'named',
      minify: 'dce-only',
      comments: { legal: true, annotation: false, jsdoc: false },
    });
    await bundle.close();
  }
}
