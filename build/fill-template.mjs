import { readFileSync } from 'node:fs';

/** @returns the text of a template of packaging/, with a value for each `{{name}}` */
export function fillTemplate(file, values) {
  return readFileSync(file, 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`${file} asks for ${name}, which is not known`);
    return String(values[name]);
  });
}
