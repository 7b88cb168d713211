// `npm ci` leaves a working product: builds, unless this is an installation without development packages.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../node_modules/rolldown', import.meta.url))) await import('./build.mjs');
