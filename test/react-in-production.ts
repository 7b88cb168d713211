import { createRequire } from 'node:module';

/**
 * The dashboard is drawn by React's build for production, as in the program. The other one measures each component that
 * it draws, which takes a seventh of the time of these tests. React decides when it is loaded, and programs that a test
 * starts must not inherit the variable: npm would leave packages out.
 */
const load = createRequire(import.meta.url);
const { NODE_ENV } = process.env as Record<string, string | undefined>;
process.env['NODE_ENV'] = 'production';
try {
  for (const name of ['react', 'react/jsx-runtime', 'react-reconciler', 'react-reconciler/constants.js'])
    load(name);
} finally {
  if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = NODE_ENV;
}
