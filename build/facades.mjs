// Files that only say where a module has gone: a module that is imported when it is needed, and lies in one file with others.
const FACADE = /^\s*export \{ ([^}]+) \} from "(\.\/[^"]+)";\s*$/;
const IMPORT = /\bimport\("(\.\/[^"]+)"\)/g;

/** What stands for `import(facade)`: the names that it exports, as they stand in the file that has them. */
function around(exported, from) {
  const names = exported.split(', ').map((each) => {
    const [there, here = there] = each.split(' as ');
    return `get ${here}() { return it.${there}; }`;
  });
  return `import(${JSON.stringify(from)}).then((it) => ({ ${names.join(', ')} }))`;
}

/** Each such file would be looked for, opened and read, a millisecond each, before the one that it names. */
export const withoutFacades = {
  name: 'without-facades',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
    const facades = new Map();
    for (const { fileName, code, isEntry } of chunks) {
      const [whole, exported, from] = FACADE.exec(code) ?? [];
      if (whole !== undefined && !isEntry) facades.set(`./${fileName}`, around(exported, from));
    }
    for (const chunk of chunks)
      chunk.code = chunk.code.replace(IMPORT, (written, file) => facades.get(file) ?? written);
    for (const file of facades.keys()) delete bundle[file.slice(2)];
  },
};
