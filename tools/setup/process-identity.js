import { readFileSync } from 'node:fs';

/**
 * Names a process such that a later one with the same number has another name, where the system tells (Linux: the time
 * at which it started); elsewhere the number alone. Undefined if no such process runs.
 */
export const processIdentity = (pid) => {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may itself hold spaces and parentheses.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' ? undefined : `${pid}@${startTime}`;
  } catch {
    if (process.platform === 'linux') return undefined;
  }
  try {
    process.kill(pid, 0);
    return `${pid}`;
  } catch (error) {
    return error.code === 'EPERM' ? `${pid}` : undefined;
  }
};

/** Whether the process that had this identity still runs. */
export const isRunning = (identity) => {
  const pid = Number.parseInt(identity, 10);
  return Number.isInteger(pid) && processIdentity(pid) === identity;
};
