// The least that a list of jobs can be: their files, a look into the database, the time of each in its zone. Nothing is checked.
// Usage: HOME
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const Database = createRequire(import.meta.url)('libsql');
const [home] = process.argv.slice(2);
const db = new Database(join(home, 'quickscrape.db'), { readonly: true });
const { known } = db.prepare('SELECT count(*) AS known FROM sqlite_schema').get();
const formats = new Map();
const lines = readdirSync(join(home, 'jobs')).map((file) => {
  const { id, config_name, schedule } = JSON.parse(readFileSync(join(home, 'jobs', file), 'utf8'));
  const { timezone: timeZone } = schedule;
  if (!formats.has(timeZone))
    formats.set(
      timeZone,
      new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
    );
  return `${id}  ${config_name}  ${schedule.type}  ${formats.get(timeZone).format(new Date())}`;
});
db.close();
process.stdout.write(`${lines.join('\n')}\n${known} tables and indexes\n`);
