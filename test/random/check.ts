import type { Model, Tensor } from '@whittle/core';
import { isWhittleError } from '@whittle/core';

/** What is wrong with a random model, or why a check has nothing to say of it. */
export interface Finding {
  readonly seed: number;
  readonly check: string;
  readonly message: string;
}

/** What checks found. */
export class Findings {
  readonly failures: Finding[] = [];
  /** How often each check passed. */
  readonly passed = new Map<string, number>();
  /** How often a check had to leave a model out, by reason. */
  readonly left = new Map<string, number>();

  /** Runs a check; what it throws is a failure, but for what a plugin says that it doesn't support. */
  async check(name: string, seed: number, run: () => unknown): Promise<boolean> {
    try {
      await run();
    } catch (error) {
      if (isWhittleError(error, 'OP_UNSUPPORTED')) count(this.left, `${name}: ${reasonOf(error.message)}`);
      else this.failures.push({ seed, check: name, message: describe(error) });
      return false;
    }
    count(this.passed, name);
    return true;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A message without the names and shapes of one model. */
function reasonOf(message: string): string {
  const [first] = message.split('\n').slice(-1);
  return first
    .replace(/^\s*\S+: /, '')
    .replace(/[[(].*/, '')
    .trim();
}

function describe(error: unknown): string {
  if (isWhittleError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** @throws where outputs lie further apart than the tolerance, relative to 1 + |x| */
export function expectClose(
  model: Model,
  expected: readonly (readonly Tensor[])[],
  found: readonly (readonly Tensor[])[],
  tolerance: number,
  what: string,
): void {
  expected.forEach((outputs, inference) =>
    outputs.forEach((output, i) => {
      const other = found[inference][i];
      const where = `${what}: output '${model.outputs[i].id}' of inference ${inference}`;
      if (other.dtype !== output.dtype || other.shape.join() !== output.shape.join())
        throw new Error(`${where} is ${typeText(other)}, expected ${typeText(output)}`);
      for (let at = 0; at < output.data.length; at++) {
        const [x, y] = [Number(output.data[at]), Number(other.data[at])];
        if (!(Math.abs(x - y) <= tolerance * (1 + Math.abs(x))))
          throw new Error(`${where}, element ${at}: expected ${x}, found ${y}`);
      }
    }),
  );
}

const typeText = ({ dtype, shape }: Tensor) => `${dtype}[${shape.join(', ')}]`;
