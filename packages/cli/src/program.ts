import { Command } from 'commander';
import type { OutputConfiguration } from 'commander';
import type { Registry } from '@whittle/core';
import { collect, expectOneOf, names, once } from './option-values.js';
import type { Session } from './session.js';
import { whittleVersion } from './version.js';

const inputHelp =
  'FILE.npy, sequence (pseudo-random input 1), sequence:N (inputs 1 to N) or zeros; repeat for a model of several inputs';

const shapeHelp =
  'whole shape of an input that the file leaves open, INPUT=1,224,224,3 (INPUT= may be left out for the only one; batch for any number); repeat for others';

/** The commands of `whittle`; each loads its own code when it is called. `output`: where help and usage errors go. */
export function createProgram(session: Omit<Session, 'json'>, output: OutputConfiguration): Command {
  const { registry } = session;
  const program = new Command('whittle')
    .description('Make trained neural networks small and put them on microcontrollers')
    .version(whittleVersion())
    .option('--debug', 'show where an error arose, and what caused it')
    .configureOutput({ ...output, outputError: (text, write) => write(withCode(text)) })
    .exitOverride();
  const command = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .showHelpAfterError(`('whittle ${usage.split(' ')[0]} --help' tells the options)`)
      .option('--json', 'print one JSON object on standard output, for an error too')
      .option('--debug', 'show where an error arose, and what caused it')
      .option('--shape <shape>', shapeHelp, collect);
  const sessionOf = ({ json = false }: { json?: boolean }): Session => ({ ...session, json });

  command('inspect <model>', 'what a model takes, gives, consists of and costs').action(
    async (model: string, options: { json?: boolean; shape?: string[] }) => {
      const { inspect } = await import('./commands/inspect.js');
      await inspect(model, options, sessionOf(options));
    },
  );

  command('compare <a> [b]', 'the first value where two models or runtimes part, layer by layer')
    .option('--on <runtimes>', 'a runtime for both, or one each: x,y', names)
    .option('--input <input>', inputHelp, collect)
    .option('--tolerance <number>', 'what counts as equal: steps of integer values, else absolute', once)
    .action(async (a: string, b: string | undefined, options: CompareFlags) => {
      const { compare } = await import('./commands/compare.js');
      const { input = ['sequence'] } = options;
      await compare(b === undefined ? [a] : [a, b], { ...options, input }, sessionOf(options));
    });

  command('export <model>', 'write what a target needs')
    .requiredOption('--target <target>', 'one of those below', once)
    .requiredOption('--out <folder>', 'where to write; what an export left there is replaced', once)
    .option('--ram <size>', `RAM that the program may take, stack included: ${sizeHelp}`, once)
    .option('--flash <size>', 'flash that the program may take', once)
    .option('--optimize <what>', `${optimizeHelp}; the fastest that fits if left out`, once)
    .option(
      '--name <name>',
      "what the C project is called; the model's name, or its file's, if left out",
      once,
    )
    .option('--force', 'replace files that no export wrote, and changed ones')
    .option('--verbose', 'list the files that were written')
    .addHelpText('after', `\nTargets:\n${targetHelp(registry)}`)
    .action(async (model: string, options: ExportFlags) => {
      const { exportModel } = await import('./commands/export.js');
      await exportModel(model, options, sessionOf(options));
    });

  const converting = command(
    'convert <in> <out>',
    'a model of any format that is read, as a .tflite or .whittle file',
  )
    .option(
      '--weights <how>',
      'how a .tflite stores float weights: float32, float16 or dynamic-range (int8); as IN does if left out',
      once,
    )
    .option('--names <which>', "whose names a .tflite keeps: all tensors', or those of the boundary", once)
    .option('--signature <name>', "the name of a .tflite's signature; serving_default if left out", once)
    .option('--no-signature', 'a .tflite without signature')
    .option('--clean-up', 'fold batch normalizations and fuse activations; done for a .tflite unless told')
    .option('--no-clean-up', 'write the graph as it was read')
    .action(async (path: string, out: string, options: ConvertFlags) => {
      const { convert } = await import('./commands/convert.js');
      const { weights, names: kept, signature, shape, cleanUp } = options;
      await convert(path, out, { weights, names: kept, signature, shape, cleanUp }, sessionOf(options));
    });
  expectOneOf(converting, 'signature');
  expectOneOf(converting, 'clean-up');

  command(
    'run <model>',
    'what runtimes answer, and what it costs; those that read .tflite run such a file as it is',
  )
    .requiredOption('--on <runtimes>', 'one or more of those below, with commas between them', names)
    .option('--input <input>', inputHelp, collect)
    .option('--optimize <what>', `${optimizeHelp}; speed if left out`, once)
    .option('--out <folder>', 'where to write the outputs, as RUNTIME/POSITION-NAME.npy', once)
    .addHelpText('after', `\nRuntimes:\n${runtimeHelp(registry)}`)
    .action(async (model: string, options: RunFlags) => {
      const { run } = await import('./commands/run.js');
      await run(model, { ...options, input: options.input ?? ['sequence'] }, sessionOf(options));
    });
  return program;
}

const optimizeHelp = 'what C programs are made small for: speed, ram or flash';
const sizeHelp = 'bytes, or as in 64K or 64KB (1,000), 64KiB (1,024), 1M, 1MB, 1MiB';

/** Targets, with the limits that hold unless options set others. */
function targetHelp({ backends }: Registry): string {
  return indented(
    [...backends.values()].map(({ target, description, memory }) => {
      const limits = memory && `; ${bytes(memory.ramBytes)} of RAM, ${bytes(memory.flashBytes)} of flash`;
      return [target, `${description}${limits ?? ''}`];
    }),
    'Sizes are the limits that a program is held to unless --ram and --flash set others.',
  );
}

function runtimeHelp({ runtimes }: Registry): string {
  return indented([...runtimes.values()].map(({ name, description }) => [name, description]));
}

const bytes = (count: number) => `${count.toLocaleString('en-US')} bytes`;

function indented(rows: readonly (readonly string[])[], ...more: readonly string[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
  return [...lines, ...more].map((line) => `  ${line}`).join('\n');
}

/** Usage errors have a code as others do. */
function withCode(text: string): string {
  return text.replace(/^error: /, 'error USAGE_INVALID: ');
}

interface CompareFlags {
  readonly json?: boolean;
  readonly on?: string[];
  readonly input?: string[];
  readonly tolerance?: string;
  readonly shape?: string[];
}

interface ConvertFlags {
  readonly cleanUp?: boolean;
  readonly json?: boolean;
  readonly weights?: string;
  readonly names?: string;
  readonly signature?: string | false;
  readonly shape?: string[];
}

interface ExportFlags {
  readonly json?: boolean;
  readonly target: string;
  readonly out: string;
  readonly ram?: string;
  readonly flash?: string;
  readonly optimize?: string;
  readonly name?: string;
  readonly force?: boolean;
  readonly verbose?: boolean;
  readonly shape?: string[];
}

interface RunFlags {
  readonly json?: boolean;
  readonly on: string[];
  readonly input?: string[];
  readonly optimize?: string;
  readonly shape?: string[];
  readonly out?: string;
}
