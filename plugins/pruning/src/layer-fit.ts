import type { Id, Model, Node, Tensor } from '@whittle/core';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { floatParameter } from './filters.js';
import { layerOutputs, tapsOfChannels } from './layer-samples.js';
import type { LayerSamples } from './layer-samples.js';
import type { ReconstructOptions } from './reconstruct-layers.js';

/** Normal equations A x = B of one least-squares problem: A symmetric, both summed over samples. */
interface NormalEquations {
  readonly left: Matrix;
  readonly right: Matrix;
}

export interface FittedLayer {
  readonly parameters: readonly (readonly [Id, Float32Array])[];
  readonly errorBefore: number;
  readonly errorAfter: number;
}

/**
 * Fits a layer to outputs, samples coming in parts: finds the change D of its weights (or of factors on its input channels)
 * with the least || R - X D ||^2 + ridge mean(diag X'X) || D ||^2, where R is what the layer lacks of the outputs. The
 * problem is that of the normal equations, one for each group of a grouped convolution, by Cholesky decomposition.
 */
export class LayerFit {
  readonly #weightId: Id;
  readonly #weight: Tensor<'float32'>;
  readonly #biasId: Id | undefined;
  readonly #bias: Tensor<'float32'> | undefined;
  readonly #fit: 'weights' | 'scales';
  readonly #ridge: number;
  readonly #outputs: number;
  #equations: NormalEquations[] = [];
  #lacking = 0;
  #energy = 0;

  constructor(model: Model, node: Node, { fit = 'weights', ridge = 1e-3 }: ReconstructOptions) {
    this.#fit = fit;
    this.#ridge = ridge;
    this.#weightId = node.inputs[1];
    this.#weight = floatParameter(model, this.#weightId);
    this.#biasId = model.parameters.has(node.inputs[2]) ? node.inputs[2] : undefined;
    this.#bias = this.#biasId === undefined ? undefined : floatParameter(model, this.#biasId);
    this.#outputs = this.#weight.shape[this.#weight.shape.length - 1];
  }

  /** `wanted`: rows times output channels, bias included, activation not. */
  add(samples: LayerSamples, wanted: Float64Array): void {
    const bias = this.#bias?.data;
    const lacking = layerOutputs(samples, this.#weight).map(
      (found, i) => wanted[i] - found - (bias?.[i % this.#outputs] ?? 0),
    );
    for (const x of lacking) this.#lacking += x * x;
    for (const x of wanted) this.#energy += x * x;
    const problems =
      this.#fit === 'weights' ? this.#byTap(samples, lacking) : [this.#byChannel(samples, lacking)];
    if (this.#equations.length === 0) this.#equations = problems;
    else
      problems.forEach(({ left, right }, g) => {
        this.#equations[g].left.add(left);
        this.#equations[g].right.add(right);
      });
  }

  /** Unknowns: the taps, and the bias where there is one, of each output channel. */
  #byTap({ rows, taps, inputs }: LayerSamples, lacking: Float64Array): NormalEquations[] {
    const each = this.#outputs / inputs.length;
    const size = taps + (this.#bias ? 1 : 0);
    return inputs.map((matrix, g) => {
      const left = new Float64Array(size * size);
      const right = new Float64Array(size * each);
      for (let row = 0; row < rows; row++) {
        const at = (tap: number) => (tap === taps ? 1 : matrix[row * taps + tap]);
        for (let a = 0; a < size; a++) {
          const x = at(a);
          if (x === 0) continue;
          for (let b = a; b < size; b++) left[a * size + b] += x * at(b);
          for (let o = 0; o < each; o++)
            right[a * each + o] += x * lacking[row * this.#outputs + g * each + o];
        }
      }
      for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) left[a * size + b] = left[b * size + a];
      return {
        left: Matrix.from1DArray(size, size, [...left]),
        right: Matrix.from1DArray(size, each, [...right]),
      };
    });
  }

  /** Unknowns: how much each input channel's factor differs from 1. */
  #byChannel(samples: LayerSamples, lacking: Float64Array): NormalEquations {
    const channels = this.#weight.shape[this.#weight.shape.length - 2];
    const parts = Array.from({ length: channels }, (_, channel) =>
      layerOutputs(samples, this.#weight, tapsOfChannels(this.#weight, [channel])),
    );
    const left = Matrix.zeros(channels, channels);
    const right = Matrix.zeros(channels, 1);
    for (let a = 0; a < channels; a++) {
      right.set(a, 0, inner(parts[a], lacking));
      for (let b = 0; b <= a; b++) {
        const product = inner(parts[a], parts[b]);
        left.set(a, b, product);
        left.set(b, a, product);
      }
    }
    return { left, right };
  }

  solve(): FittedLayer {
    let gained = 0;
    const changes = this.#equations.map(({ left, right }) => {
      const mean = left.trace() / left.rows;
      if (mean === 0) return Matrix.zeros(left.rows, right.columns);
      const held = Matrix.add(left, Matrix.eye(left.rows, left.rows, this.#ridge * mean));
      const change = new CholeskyDecomposition(held).solve(right);
      // || R ||^2 - || R - X D ||^2 = 2 D'B - D'A D
      gained += 2 * Matrix.mul(change, right).sum() - Matrix.mul(change, left.mmul(change)).sum();
      return change;
    });
    const energy = this.#energy || 1;
    return {
      parameters: this.#fit === 'weights' ? this.#withTaps(changes) : this.#withFactors(changes[0]),
      errorBefore: this.#lacking / energy,
      errorAfter: Math.max(0, this.#lacking - gained) / energy,
    };
  }

  #withTaps(changes: readonly Matrix[]): (readonly [Id, Float32Array])[] {
    const each = this.#outputs / changes.length;
    const taps = this.#weight.data.length / this.#outputs;
    const changed = (data: Float32Array, tapOf: (i: number) => number) =>
      data.map((x, i) => {
        const o = i % this.#outputs;
        return x + changes[Math.floor(o / each)].get(tapOf(i), o % each);
      });
    const weight = changed(this.#weight.data, (i) => Math.floor(i / this.#outputs));
    if (!this.#bias || this.#biasId === undefined) return [[this.#weightId, weight]];
    return [
      [this.#weightId, weight],
      [this.#biasId, changed(this.#bias.data, () => taps)],
    ];
  }

  #withFactors(change: Matrix): (readonly [Id, Float32Array])[] {
    const channels = this.#weight.shape[this.#weight.shape.length - 2];
    const data = this.#weight.data.map(
      (x, i) => x * (1 + change.get(Math.floor(i / this.#outputs) % channels, 0)),
    );
    return [[this.#weightId, data]];
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
