import { definePass, float32, patch } from '@whittle/core';
import type { Id, Model, Parameter } from '@whittle/core';
import type { Proximal } from '@whittle/train';
import { z } from 'zod';
import { transformKernels } from './cosine-transform.js';
import { magnitudeMasks } from './mask-weights.js';
import { maskableWeights } from './weight-masks.js';

/** Coefficients below this share of the largest one of their parameter are those that were removed: float32 leaves traces. */
const TRACE = 1e-6;

/**
 * Removes the smallest coefficients of the cosine transform of convolution kernels (Wang et al. 2016, CNNpack, section 3; Liu et
 * al. 2018): kernels become smooth, and need fewer numbers to be stored. The weights themselves stay dense: they are those whose
 * other coefficients are zero. Kernels of one tap, and weights that have masks, are left as they are.
 */
export const pruneFrequencies = definePass({
  name: 'pruning/prune-frequencies',
  description: 'Removes the smallest coefficients of the cosine transform of convolution kernels',
  options: z
    .object({
      /** Share of the coefficients that goes, 0 to 1. */
      sparsity: z.number().min(0).max(1),
      /** Whether that is the share of each layer, or one threshold is taken over all. */
      scope: z.enum(['layer', 'global']).default('global'),
      /** Ids of weights that stay as they are; `*` stands for any characters. */
      exclude: z.array(z.string()).default([]),
    })
    .strict(),
  changes: ['weights'],
  run(model, context, { sparsity, scope, exclude }) {
    const kernels = maskableWeights(model, exclude).filter(hasWindow);
    const spectra = kernels.map((kernel) => ({ ...kernel, tensor: spectrum(kernel) }));
    const masks = magnitudeMasks(spectra, sparsity, scope);
    const pruned = patch(model, (edit) => {
      for (const { id, tensor } of spectra) {
        const mask = masks.get(id)!;
        if (mask.every((x) => x === 1)) continue;
        const coefficients = tensor.data.map((x, i) => (mask[i] === 0 ? 0 : x));
        const data = Float32Array.from(transformKernels(coefficients, tensor.shape, 'inverse'));
        edit.setParameter(id, { tensor: float32(tensor.shape, data) });
      }
    });
    const report = frequencySparsity(
      pruned,
      kernels.map(({ id }) => id),
    );
    context.log(`pruning: ${(100 * report.sparsity).toFixed(1)}% of the frequencies are zero`);
    return { model: pruned, report };
  },
});

/** Share of the coefficients of some convolution kernels that are zero, each and in all. */
export function frequencySparsity(model: Model, ids: readonly Id[]) {
  const parameters = ids.map((id) => {
    const mask = keptFrequencies(model.parameters.get(id)!);
    return { id, zeros: mask.reduce((sum, x) => sum + 1 - x, 0), size: mask.length };
  });
  const sum = (pick: 'zeros' | 'size') => parameters.reduce((total, each) => total + each[pick], 0);
  return {
    sparsity: sum('size') === 0 ? 0 : sum('zeros') / sum('size'),
    parameters: parameters.map(({ id, zeros, size }) => ({ id, sparsity: zeros / size })),
  };
}

/**
 * Keeps frequencies at zero in training: after each step kernels are projected on the frequencies that they had before
 * training. As the transform is orthonormal, this is a step on the coefficients that are left.
 */
export function keepFrequencies(): Proximal {
  const known = new WeakMap<Parameter, Uint8Array>();
  return {
    name: 'keep-frequencies',
    applies: (parameter) => parameter.role === 'weight' && hasWindow(parameter),
    apply(values, _, parameter) {
      const kept = known.get(parameter) ?? keptFrequencies(parameter);
      known.set(parameter, kept);
      if (kept.every((x) => x === 1)) return;
      const { shape } = parameter.tensor;
      const coefficients = transformKernels(values, shape).map((x, i) => (kept[i] === 0 ? 0 : x));
      values.set(transformKernels(coefficients, shape, 'inverse'));
    },
  };
}

function hasWindow({ tensor: { shape }, mask }: Parameter): boolean {
  return shape.length === 4 && shape[0] * shape[1] > 1 && !mask;
}

function spectrum({ tensor }: Parameter) {
  return float32(
    tensor.shape,
    Float32Array.from(transformKernels(tensor.data as Float32Array, tensor.shape)),
  );
}

function keptFrequencies(parameter: Parameter): Uint8Array {
  const coefficients = transformKernels(parameter.tensor.data as Float32Array, parameter.tensor.shape);
  const largest = coefficients.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Uint8Array.from(coefficients, (x) => (Math.abs(x) > TRACE * largest ? 1 : 0));
}
