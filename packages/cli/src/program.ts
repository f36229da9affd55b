import { Command, InvalidArgumentError } from 'commander';
import type { OutputConfiguration } from 'commander';
import type { Session } from './session.js';

const inputHelp =
  'FILE.npy, sequence (pseudo-random input 1), sequence:N (inputs 1 to N) or zeros; repeat for a model of several inputs';

const names = (text: string): string[] => {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('expected names with commas between them');
  return list;
};
const collect = (value: string, all: readonly string[] = []): string[] => [...all, value];

/** The commands of `whittle`; each loads its own code when it is called. `output`: where help and usage errors go. */
export function createProgram(session: Omit<Session, 'json'>, output: OutputConfiguration): Command {
  const { registry } = session;
  const program = new Command('whittle')
    .description('Make trained neural networks small and put them on microcontrollers')
    .option('--debug', 'show where an error arose')
    .configureOutput(output)
    .exitOverride();
  const command = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print one JSON object on standard output')
      .option('--debug', 'show where an error arose');
  const sessionOf = ({ json = false }: { json?: boolean }): Session => ({ ...session, json });

  command('inspect <model>', 'what a model takes, gives, consists of and costs').action(
    async (model: string, options: { json?: boolean }) => {
      const { inspect } = await import('./commands/inspect.js');
      await inspect(model, sessionOf(options));
    },
  );

  command('compare <a> [b]', 'the first value where two models or runtimes part, layer by layer')
    .option('--on <runtimes>', 'a runtime for both, or one each: x,y', names)
    .option('--input <input>', inputHelp, collect)
    .option('--tolerance <number>', 'what counts as equal: steps of integer values, else absolute')
    .action(async (a: string, b: string | undefined, options: CompareFlags) => {
      const { compare } = await import('./commands/compare.js');
      const { input = ['sequence'] } = options;
      await compare([a, b ?? a], { ...options, input }, sessionOf(options));
    });

  command('export <model>', 'write what a target needs')
    .requiredOption('--target <target>', [...registry.backends.keys()].join(', '))
    .requiredOption('--out <folder>', 'where to write')
    .option('--ram <bytes>', 'RAM that the program may take (1KB is 1,000 bytes)')
    .option('--flash <bytes>', 'flash that the program may take')
    .option('--optimize <what>', optimizeHelp)
    .action(async (model: string, options: ExportFlags) => {
      const { exportModel } = await import('./commands/export.js');
      await exportModel(model, options, sessionOf(options));
    });

  command('run <model>', 'what runtimes answer, and what it costs')
    .requiredOption('--on <runtimes>', `one or more of ${[...registry.runtimes.keys()].join(', ')}`, names)
    .option('--input <input>', inputHelp, collect)
    .option('--optimize <what>', optimizeHelp)
    .action(async (model: string, options: RunFlags) => {
      const { run } = await import('./commands/run.js');
      const { on, input = ['sequence'], optimize } = options;
      await run(model, { on, input, optimize }, sessionOf(options));
    });
  return program;
}

const optimizeHelp = 'what a C program is made small for: speed, ram or flash (speed if left out)';

interface CompareFlags {
  readonly json?: boolean;
  readonly on?: string[];
  readonly input?: string[];
  readonly tolerance?: string;
}

interface ExportFlags {
  readonly json?: boolean;
  readonly target: string;
  readonly out: string;
  readonly ram?: string;
  readonly flash?: string;
  readonly optimize?: string;
}

interface RunFlags {
  readonly json?: boolean;
  readonly on: string[];
  readonly input?: string[];
  readonly optimize?: string;
}
