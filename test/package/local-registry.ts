import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import lock from '../../package-lock.json' with { type: 'json' };

interface LockedPackage {
  version: string;
  os?: string[];
  cpu?: string[];
}

/** The registry of {@link startRegistry}, for the test that runs. @returns its address */
export async function localRegistry(product?: string): Promise<string> {
  const { address, close } = await startRegistry(product);
  onTestFinished(close);
  return address;
}

/**
 * A registry on loopback that has what is installed in this checkout, packed as it is. Of packages for other systems it
 * knows what the lock file says, so that npm leaves them out.
 * @param product the tarball of the product, to have that as well
 */
export async function startRegistry(product?: string): Promise<{ address: string; close: () => void }> {
  const packed = mkdtempSync(join(tmpdir(), 'quickscrape-test-registry-'));
  if (product !== undefined) cpSync(product, join(packed, basename(product)));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/').slice(1);
    if (path.endsWith('.tgz')) {
      response.end(readFileSync(join(packed, path)));
      return;
    }
    const address = `http://${request.headers.host}`;
    const document =
      product !== undefined && path === 'quickscrape-jobs'
        ? describe(manifestOf(product), `${address}/${basename(product)}`, join(packed, basename(product)))
        : describePackage(path, packed, address);
    response.statusCode = document === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(document ?? { error: 'not_found' }));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(packed, { recursive: true, force: true });
    },
  };
}

function describePackage(name: string, packed: string, address: string): object | undefined {
  const locked = (lock.packages as unknown as Record<string, LockedPackage | undefined>)[
    `node_modules/${name}`
  ];
  if (locked === undefined) return undefined;
  const folder = join('node_modules', name);
  const manifest = existsSync(folder)
    ? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    : { name, version: locked.version, os: locked.os, cpu: locked.cpu };
  const file = existsSync(folder) ? pack(folder, packed) : undefined;
  return describe(manifest, `${address}/${file ?? 'absent.tgz'}`, file && join(packed, file));
}

/** @param file what the address leads to, if anything */
function describe(manifest: { name: string; version: string }, tarball: string, file?: string): object {
  const dist =
    file === undefined
      ? { tarball, shasum: '0'.repeat(40) }
      : { tarball, integrity: `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}` };
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  };
}

function manifestOf(tarball: string): { name: string; version: string } {
  return JSON.parse(execFileSync('tar', ['xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
}

function pack(folder: string, packed: string): string {
  const before = new Set(readdirSync(packed));
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed], {
    cwd: folder,
    stdio: 'ignore',
  });
  const made = readdirSync(packed).find((name) => !before.has(name));
  if (made === undefined) throw new Error(`npm pack made nothing of ${folder}`);
  return made;
}
