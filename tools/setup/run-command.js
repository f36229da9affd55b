import { spawn } from 'node:child_process';

const KEPT_OUTPUT = 64 * 1024;
/** What a command gets to end by itself after Ctrl-C; dpkg needs some to leave its records whole. */
const GRACE_MS = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const killGroup = (child, signal) => {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in the meantime.
  }
};

/**
 * Runs a command in a process group of its own, without a shell, on the text `input` or none, and keeps the end of what
 * it prints; with `stream` it prints to this process's own output instead, and nothing is kept.
 * After `timeoutMs` the whole group is killed. A signal to this process ends the group, and then this process.
 *
 * @returns `{ ok, code, signal, timedOut, output }`; never rejects: a command that isn't there has `code` 127
 */
export const runCommand = (command, args, { cwd, env, timeoutMs, input, stream = false, onChild } = {}) =>
  new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [
        input === undefined ? 'ignore' : 'pipe',
        ...(stream ? ['inherit', 'inherit'] : ['pipe', 'pipe']),
      ],
      detached: true,
    });
    const keep = (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.stdin?.on('error', () => {}); // a command may end without having read its input
    child.stdin?.end(input);
    const timer =
      timeoutMs &&
      setTimeout(() => {
        timedOut = true;
        killGroup(child, 'SIGKILL');
      }, timeoutMs);
    const onSignal = (signal) => {
      killGroup(child, signal);
      setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS).unref();
      child.once('close', () => process.exit(signal === 'SIGINT' ? 130 : 143));
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
    const finish = (result) => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, onSignal);
      onChild?.(undefined);
      resolve({ ...result, ok: result.code === 0, timedOut, output });
    };
    child.once('error', (error) => {
      output += error.message;
      finish({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => finish({ code, signal }));
    if (child.pid !== undefined) onChild?.(child.pid);
  });

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|Temporary failure|Could not resolve|Could not connect|Failed to establish a new connection|Connection (refused|timed out)|Network is unreachable/i;
const SPACE = /ENOSPC|No space left on device/i;

/** One sentence, without the final stop, for why a command failed. */
export const reasonFor = (what, result) => {
  if (result.timedOut) return `${what} took too long and was stopped`;
  if (result.code === 127) return `${what} could not start: ${lastLine(result.output)}`;
  if (SPACE.test(result.output)) return `${what} failed because the disk is full`;
  if (UNREACHABLE.test(result.output))
    return `${what} failed because its server could not be reached (offline?)`;
  return `${what} failed: ${lastLine(result.output)}`;
};

const lastLine = (output) => {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /error|E:|fatal/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
};
