// The texts of the Debian package, from the templates in packaging/debian.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noticeOf } from '../bundle/notices.mjs';
import { fillTemplate } from '../fill-template.mjs';

export function control(facts) {
  const { manifest, program } = facts;
  const text = fill(facts.root, 'control', {
    ...facts,
    maintainer: maintainer(manifest),
    glibc: neededGlibc(program),
  });
  return manifest.homepage ? text.replace('Section:', `Homepage: ${manifest.homepage}\nSection:`) : text;
}

export function changelog({ root, manifest, version, seconds }) {
  const date = new Date(seconds * 1000).toUTCString().replace('GMT', '+0000');
  return fill(root, 'changelog', {
    version,
    upstream: manifest.version,
    maintainer: maintainer(manifest),
    date,
  });
}

/** In the form of https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/ */
export function copyright({ root, manifest, program }) {
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8');
  const [, holder] = /^Copyright \(c\) (.*)$/m.exec(licence);
  const notices = readFileSync(join(program, 'dist/THIRD-PARTY-NOTICES.md'), 'utf8');
  return fill(root, 'copyright', {
    source: addressOf(manifest.repository) ?? manifest.homepage ?? `npm package ${manifest.name}`,
    copyright: holder,
    packages: packagesIn(join(program, 'node_modules')).map(stanza).join('\n\n'),
    licence: indent(licence.trim()),
    notices: indent(notices.trim()),
  });
}

function addressOf(repository) {
  return repository?.url ?? repository;
}

/** Only an owner can name one; Debian's own variables may do it for a package of somebody else's. */
function maintainer({ author }) {
  const { DEBFULLNAME: name, DEBEMAIL: email } = process.env;
  if (name && email) return `${name} <${email}>`;
  const [, written, address] = /^(.*?) <(.*?)>/.exec(author) ?? [undefined, author?.name, author?.email];
  return written && address ? `${written} <${address}>` : 'The QuickScrape Jobs authors <nobody@localhost>';
}

/** The newest version of glibc that a native library asks for. */
function neededGlibc(program) {
  const libraries = readdirSync(program, { recursive: true }).filter((name) => name.endsWith('.node'));
  const minors = libraries.flatMap((name) =>
    [
      ...readFileSync(join(program, name))
        .toString('latin1')
        .matchAll(/GLIBC_2\.(\d+)/g),
    ].map(([, minor]) => Number(minor)),
  );
  return `2.${Math.max(...minors)}`;
}

/** The folders of packages, those with a scope too, as `node_modules/libsql`. */
function packagesIn(modules) {
  return readdirSync(modules)
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((one) => join(name, one)) : [name],
    )
    .sort()
    .map((name) => ({ name, folder: join(modules, name) }));
}

function stanza({ name, folder }) {
  const { license, texts } = noticeOf(folder);
  const holders = texts.join('\n').match(/^.*Copyright .*\d{4}.*$|^Copyright \(c\).*$/gim) ?? [];
  return [
    `Files: usr/lib/quickscrape-jobs/node_modules/${name}/*`,
    `Copyright: ${holders.map((line) => line.trim()).join('\n ') || `the authors of ${name}`}`,
    `License: ${license}`,
    indent(texts.join('\n\n')),
  ].join('\n');
}

const APACHE = /^ *Apache License\n *Version 2\.0[\s\S]*?END OF TERMS AND CONDITIONS$/gm;

/** As Debian's control files have long texts; each system has the text of the Apache licence once. */
function indent(text) {
  return text
    .replaceAll('\r', '')
    .replaceAll(APACHE, 'Apache License, Version 2.0: /usr/share/common-licenses/Apache-2.0')
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line}`))
    .join('\n');
}

function fill(root, template, values) {
  return fillTemplate(join(root, 'packaging/debian', template), values);
}
