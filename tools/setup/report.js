/**
 * What set-up says, a line for each thing that it does, and what it had to leave out. To standard error, so that a
 * command that sets up first can still print a result that another program reads.
 */
export const createReport = (write = (text) => process.stderr.write(text)) => {
  const gaps = [];
  let failure;
  return {
    line: (text) => write(`set-up: ${text}\n`),
    /** Something could not be installed; set-up goes on without it. */
    gap: (what, reason) => {
      gaps.push(what);
      write(`set-up: left out ${what}: ${reason}\n`);
    },
    /** Nothing can run without this. */
    fail: (reason) => {
      failure = reason;
      write(`set-up: ${reason}\n`);
    },
    get gaps() {
      return gaps;
    },
    get failed() {
      return failure !== undefined;
    },
  };
};
