import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { registerWasm } from './register-wasm.js';

/** What the gradient of a gather is made of, and tfjs lacks in WebAssembly. */
export function registerSegmentSums(tf: TensorFlow, kernels: KernelModule): void {
  registerWasm(tf, kernels, 'UnsortedSegmentSum', (module, { x, segmentIds }, attributes) => {
    const { numSegments } = attributes as { numSegments: number };
    const [rows, ...rest] = x.shape;
    const sums = module.output([numSegments, ...rest]);
    module.run(
      'whittle_segment_sums',
      rows,
      rest.reduce((size, n) => size * n, 1),
      numSegments,
      module.address(x),
      module.address(segmentIds),
      module.address(sums),
    );
    return sums;
  });
}
