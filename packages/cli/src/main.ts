import { WhittleError } from '@whittle/core';
import { CommanderError } from 'commander';
import { errorJson } from './error-json.js';
import { createProgram } from './program.js';
import { cliProgress } from './progress.js';
import { defaultRegistry } from './plugins.js';
import { runToExit } from './run-to-exit.js';
import { watchOutput } from './watch-output.js';

/** Where results and everything else go. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Runs one command line (without node and script) and returns the exit code: 0; 1 for an error of the work; 2 for a
 * command line that is wrong; 130 or 143 where a signal stopped it. Results go to standard output, the rest to standard
 * error. With `--json` there is one object on standard output whatever happens: an error's where there is no result.
 */
export async function main(
  args: readonly string[],
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  watchOutput(out, err);
  const output = {
    writeOut: (text: string) => out.write(text),
    writeErr: (text: string) => err.write(text),
  };
  let usage: number | undefined;
  let isPrinted = false;
  const print = (text: string) => {
    isPrinted = true;
    out.write(`${text}\n`);
  };
  const printError = (error: WhittleError) => {
    if (args.includes('--json') && !isPrinted) print(JSON.stringify(errorJson(error)));
  };
  const exit = await runToExit(
    async (signal) => {
      const session = {
        registry: defaultRegistry(),
        signal,
        progress: cliProgress({ stream: err }),
        print,
      };
      try {
        await createProgram(session, output).parseAsync(args, { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        usage = error.exitCode === 0 ? 0 : 2;
        if (usage > 0) printError(usageError(error));
      }
    },
    { err, debug: args.includes('--debug'), onError: printError },
  );
  return usage ?? exit;
}

/** Without a command only the help is printed. */
function usageError({ code, message }: CommanderError): WhittleError {
  const text = code === 'commander.help' ? 'expected a command' : message.replace(/^error: /, '');
  return new WhittleError('USAGE_INVALID', text);
}
