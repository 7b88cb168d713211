import { readHomeEnvironment } from '../../../core/configs/home-environment.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { formatLocation, withField } from '../../../core/lib/text.ts';
import { formatFromPath } from '../../../core/model/output-format.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { checkConfig, parseConfig } from '../../../scrape/config/parse-config.ts';
import type { CommandContext } from '../../context/context.ts';

type Job = OperationOutput<'create_job'>['job'];

/** Warns on stderr if a job's configuration cannot run, or if its output file has another format's extension. */
export async function warnAboutConfig(context: CommandContext, job: Job): Promise<void> {
  const { configs, paths } = await context.workspace();
  try {
    const { yaml, file } = configs.read(job.config_name);
    const [first, ...more] = checkConfig(yaml, file, readHomeEnvironment(paths).env, { forRun: true }).filter(
      ({ severity }) => severity === 'error',
    );
    if (first !== undefined) {
      const location = formatLocation(first.file ?? file, first.line, first.column);
      const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
      warn(
        context,
        `the configuration cannot run: ${location}: ${withField(first.path, first.message)}${others}`,
      );
      return;
    }
  } catch (error) {
    warn(context, `the configuration cannot run: ${(error as Error).message}`);
    return;
  }
  await warnAboutExtension(context, job);
}

/** Warns on stderr if a job's output path has another extension than its format. */
export async function warnAboutExtension(context: CommandContext, job: Job): Promise<void> {
  const path = job.output_path;
  const extensionFormat = path === null ? undefined : formatFromPath(path);
  if (extensionFormat === undefined || job.output_format !== null) return;
  const format = await formatOfConfig(context, job.config_name);
  if (format === undefined || format === extensionFormat) return;
  warn(
    context,
    `${path} will hold ${format}, the configuration's format; for ${extensionFormat}: ${context.command(`job update ${job.id} --output-format ${extensionFormat}`)}`,
  );
}

async function formatOfConfig(context: CommandContext, name: string): Promise<string | undefined> {
  const { applySettings } = await import('../../../scrape/config/config-schema.ts');
  const { configs, settings, paths } = await context.workspace();
  try {
    const { yaml, file } = configs.read(name);
    return applySettings(parseConfig(yaml, file, readHomeEnvironment(paths).env).config, settings).output
      .format;
  } catch {
    // Errors of the configuration are reported elsewhere.
    return undefined;
  }
}

function warn(context: CommandContext, message: string): void {
  context.printMessage(`${context.err.colors.yellow('warning:')} ${sanitizeText(message)}`);
}
