import type { Tensor } from '@whittle/core';
import { realValues } from '../real-values.js';
import type { FileTensors } from './file-tensors.js';
import { unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** Constants of the file, and the tensors that stand for them. */
export class FileConstants {
  readonly #tensors: FileTensors;
  /** Constants by the tensors that stand for them. */
  readonly #sources = new Map<number, number>();
  readonly #dequantized = new Set<number>();

  constructor(tensors: FileTensors) {
    this.#tensors = tensors;
  }

  /** The tensor of an operand, or the constant that it stands for; -1 where it is absent. */
  indexOf(o: OperatorView, position: number): number {
    const index = o.inputs[position] ?? -1;
    return this.#sources.get(index) ?? index;
  }

  /** Lets a tensor stand for an operator's constant input, or for the real values that this stands for. */
  addAlias(o: OperatorView, output: number, as: 'stored' | 'real'): void {
    if (as === 'real') this.#dequantized.add(output);
    this.#sources.set(output, this.indexOf(o, 0));
  }

  /**
   * An operand that is a constant. Quantized weights of a float operator come as the real values that they stand for.
   * @throws OP_UNSUPPORTED where it is none
   */
  read(o: OperatorView, position: number, what: string): Tensor {
    const index = this.indexOf(o, position);
    const constant = index < 0 ? undefined : this.#tensors.constantOf(index);
    if (!constant) throw unreadable(o, `the ${what} is computed or absent, expected a constant`);
    if (constant.dtype === 'float32') return { ...constant, quantization: undefined };
    const real = constant.dtype === 'float16' || this.#dequantized.has(o.inputs[position]);
    const isFloat = o.outputs.every((output) => this.#tensors.typeOf(output).dtype === 'float32');
    return real || (constant.quantization !== undefined && isFloat) ? realValues(constant) : constant;
  }
}
