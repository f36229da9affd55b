import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Milliseconds of a step: by the clock, and of all processors together. */
export interface StepTime {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** A program that waits until it is told to time some steps. */
export interface TimedPeer {
  time(steps: number): Promise<StepTime>;
  stop(): Promise<void>;
}

/**
 * Starts a script that says 'ready' once it has warmed up, and answers each line, a number of steps, with a step's two times.
 * @throws where it ends before that, with what it said last
 */
export async function startPeer(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<TimedPeer> {
  const child = spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (!done) return value;
    await ended;
    throw new Error(`${args[0]} ended: ${said.trim().split('\n').at(-1)}`);
  };
  const first = await next();
  if (first !== 'ready') throw new Error(`${args[0]} said '${first}', expected 'ready'`);
  return {
    async time(steps) {
      child.stdin.write(`${steps}\n`);
      const [wallMs, cpuMs] = (await next()).split(' ').map(Number);
      return { wallMs, cpuMs };
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
