/**
 * Listens to standard output: a reader that has left, as `head` does, ends the writing without a word, and what can't be written, as to
 * a full disk, is an error, FILE_UNWRITABLE. Without a listener either would end the process with a stack.
 */
export function watchOutput(out: NodeJS.WritableStream, err: NodeJS.WritableStream): void {
  out.once('error', (error: NodeJS.ErrnoException) => {
    out.on('error', () => undefined);
    if (error.code === 'EPIPE') return;
    err.write(`error FILE_UNWRITABLE: standard output can't be written: ${error.message}\n`);
    process.once('exit', () => (process.exitCode = 1));
  });
}
