/**
 * Where a package has several builds, the one that suits a bundle best; and packages that are asked for and never used.
 * `$` at the end of a name: itself alone, not what is within it.
 */
export function aliases(root) {
  const packages = `${root}node_modules`;
  const stubs = `${root}build/bundle/stubs`;
  return {
    // The build that Node would take (UMD) requires its parts in a way that no bundler follows.
    'jsonc-parser': `${packages}/jsonc-parser/lib/esm/main.js`,
    // As modules, of which only the used parts are bundled.
    yaml$: `${packages}/yaml/browser/dist/index.js`,
    // As browsers have it: without fetching of its own, for which it would load undici's fetch in each run.
    cheerio$: `${packages}/cheerio/dist/browser/index.js`,
    // Its classes as modules, without the backend for PostgreSQL.
    bullmq$: `${packages}/bullmq/dist/esm/classes/index.js`,
    // Without native code.
    msgpackr$: `${packages}/msgpackr/pack.js`,
    ...openTelemetry(`${packages}/@opentelemetry`),
    'bullmq-otel$': `${packages}/bullmq-otel/dist/esm/index.js`,
    // BullMQ needs it for schedules of its own, which are not used.
    'cron-parser': `${stubs}/cron-parser.mjs`,
    // Ink asks for React's developer tools with DEV=true only.
    './devtools.js': `${stubs}/react-devtools.mjs`,
  };
}

/** As modules, of which only the used parts are bundled: a sixth of what their other builds take. */
function openTelemetry(folder) {
  const names = ['api', 'core', 'resources', 'sdk-trace', 'otlp-transformer'];
  const exporters = ['exporter-trace-otlp-http', 'exporter-trace-otlp-proto'];
  return {
    ...Object.fromEntries(
      [...names, ...exporters].map((name) => [
        `@opentelemetry/${name}$`,
        `${folder}/${name}/build/esm/index.js`,
      ]),
    ),
    '@opentelemetry/sdk-trace-base$': `${folder}/sdk-trace-base/build/esm/index-shim.js`,
  };
}
