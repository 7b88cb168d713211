import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../../temp-folder.ts';

const FROZEN = fileURLToPath(new URL('../../fixtures/home-v1', import.meta.url));

/** A copy of the home that version 0.1.0 left behind, with its modes, which git does not keep. */
export function oldHome(): string {
  const home = join(tempFolder(), 'home');
  cpSync(FROZEN, home, { recursive: true });
  setModes(home);
  return home;
}

function setModes(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setModes(path);
    else chmodSync(path, 0o600);
  }
}
