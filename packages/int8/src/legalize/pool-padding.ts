import { averagePool2d, imageOf, isOp, maxPool2d, pad, patch, viewNode, windowGeometry } from '@whittle/core';
import type { ExplicitPadding, Model, NodeView, PoolAttributes } from '@whittle/core';
import { inputScale, INT8_OR_INT16, isActivation, STORED_RANGE } from '../quantized-type.js';
import { toQuantization } from './equalize-scales.js';

/**
 * Takes explicit padding off pooling, which TFLite doesn't have: it becomes 'valid' or 'same' where that is the same, and
 * for a maximum a pad with the smallest stored value. An average with other margins, which TFLite would count, is left
 * for its kernel to refuse.
 */
export function legalizePoolPadding(model: Model): Model {
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      const isMaximum = isOp(node, maxPool2d);
      if (!isMaximum && !isOp(node, averagePool2d)) continue;
      const view = viewNode(model, node) as NodeView<PoolAttributes>;
      const { attributes } = view;
      if (typeof attributes.padding === 'string') continue;
      const { top, bottom, left, right } = attributes.padding;
      const name = namedPadding(view, attributes.padding);
      if (name) edit.replaceNode(node, node.op, { ...attributes, padding: name });
      else if (isMaximum && isActivation(view.inputs[0])) {
        const input = inputScale(view, 0, INT8_OR_INT16);
        const [padded] = edit.addNode(
          pad,
          {
            paddings: [
              [0, 0],
              [top, bottom],
              [left, right],
              [0, 0],
            ],
            value: input.scale * (STORED_RANGE[input.dtype].min - input.zeroPoint),
          },
          node.inputs,
          { outputs: [edit.freshId(`${view.name}/padded`)], quantization: [toQuantization(input)] },
        );
        edit.replaceNode(node, node.op, { ...attributes, padding: 'valid' }, [padded]);
      }
    }
  });
}

/** 'valid' or 'same' where the windows lie as the explicit padding has them. */
function namedPadding(n: NodeView<PoolAttributes>, explicit: ExplicitPadding): 'valid' | 'same' | undefined {
  const { size } = n.attributes;
  const wanted = windowGeometry(n, n.attributes, imageOf(n), size);
  if (explicit.top + explicit.bottom + explicit.left + explicit.right === 0) return 'valid';
  const same = windowGeometry(n, { ...n.attributes, padding: 'same' }, imageOf(n), size);
  const alike =
    same.top === wanted.top &&
    same.left === wanted.left &&
    same.outHeight === wanted.outHeight &&
    same.outWidth === wanted.outWidth;
  return alike ? 'same' : undefined;
}
