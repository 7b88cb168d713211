import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Carries a Node program out to its end, with its output read.
 * @param args what Node is started with
 * @returns its standard output
 * @throws with all that it said when it ends with another code
 */
export async function ended(args, codes = [0]) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of Object.keys(said))
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text;
    });
  const [code] = await once(child, 'close');
  if (!codes.includes(code))
    throw new Error(`${args.join(' ')} ended with ${code}: ${said.stdout}${said.stderr}`);
  return said.stdout;
}
