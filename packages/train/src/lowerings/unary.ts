import { trainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** The lowering of an element-wise op of one operand. */
export function unary<A>(run: (tf: TensorFlow, x: TfTensor, attributes: A) => TfTensor) {
  const lowering = trainLowering<A>((n, [x], { tf }) => run(tf, x, n.attributes));
  return () => lowering;
}
