import { isReductionOp, patch, reshape, sameShape } from '@whittle/core';
import type { Model, ReductionAttributes } from '@whittle/core';
import { GraphView } from './graph-view.js';

/** A reduction that keeps its axes, and a reshape that takes them off, become a reduction that doesn't keep them. */
export function dropKeptAxes(model: Model): Model {
  const view = new GraphView(model);
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      if (view.source(node.outputs[0], reshape) !== node) continue;
      const source = view.producer(node.inputs[0]);
      if (!source || !isReductionOp(source.op) || !view.isPrivate(node.inputs[0])) continue;
      const { axes, keepDims } = source.attributes as ReductionAttributes;
      const { shape } = view.model.values.get(node.inputs[0])!;
      const rest = shape.filter((_, axis) => !axes.includes(axis));
      if (!keepDims || !sameShape(rest, view.model.values.get(node.outputs[0])!.shape)) continue;
      edit.fuseNodes(source, node, source.op, { axes, keepDims: false }, source.inputs);
    }
  });
}
