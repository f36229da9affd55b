import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { cliProgress } from './progress.js';
import { defaultRegistry } from './plugins.js';
import { runToExit } from './run-to-exit.js';

/** Where results and everything else go. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Runs one command line (without node and script) and returns the exit code: 0; 1 for an error of the work; 2 for a
 * command line that is wrong; 130 or 143 where a signal stopped it. Results go to standard output, the rest to standard
 * error.
 */
export async function main(
  args: readonly string[],
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  const output = {
    writeOut: (text: string) => out.write(text),
    writeErr: (text: string) => err.write(text),
  };
  let usage: number | undefined;
  const exit = await runToExit(
    async (signal) => {
      const session = {
        registry: defaultRegistry(),
        signal,
        progress: cliProgress({ stream: err }),
        print: (text: string) => void out.write(`${text}\n`),
      };
      try {
        await createProgram(session, output).parseAsync(args, { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        usage = error.exitCode === 0 ? 0 : 2;
      }
    },
    { err, debug: args.includes('--debug') },
  );
  return usage ?? exit;
}
