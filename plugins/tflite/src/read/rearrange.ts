import { depthToSpace, mirrorPad, spaceToDepth, transpose } from '@whittle/core';
import type { OpDefinition, ResizeAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { readPaddings } from './shape.js';

export function readTranspose(o: OperatorView, graph: GraphReader): void {
  const [first, ...rest] = Array.from(graph.constantInput(o, 1, 'order of axes').data, Number);
  if (first === undefined) throw unreadable(o, 'a transpose of a scalar, expected axes');
  graph.addResult(o, transpose, { permutation: [first, ...rest] }, [graph.input(o, 0)]);
}

export function readDepthToSpace(o: OperatorView, graph: GraphReader): void {
  const { blockSize } = optionsOf(o, schema.DepthToSpaceOptionsT);
  graph.addResult(o, depthToSpace, { blockSize }, [graph.input(o, 0)]);
}

export function readSpaceToDepth(o: OperatorView, graph: GraphReader): void {
  const { blockSize } = optionsOf(o, schema.SpaceToDepthOptionsT);
  graph.addResult(o, spaceToDepth, { blockSize }, [graph.input(o, 0)]);
}

export function readMirrorPad(o: OperatorView, graph: GraphReader): void {
  const { mode } = optionsOf(o, schema.MirrorPadOptionsT);
  const name = mode === schema.MirrorPadMode.REFLECT ? 'reflect' : 'symmetric';
  graph.addResult(o, mirrorPad, { paddings: readPaddings(o, graph), mode: name }, [graph.input(o, 0)]);
}

/** RESIZE_NEAREST_NEIGHBOR or RESIZE_BILINEAR. */
export function readResize(
  op: OpDefinition<ResizeAttributes>,
  options: (o: OperatorView) => Omit<ResizeAttributes, 'size'>,
) {
  return (o: OperatorView, graph: GraphReader): void => {
    const { alignCorners, halfPixelCenters } = options(o);
    const size = Array.from(graph.constantInput(o, 1, 'size').data, Number);
    if (size.length !== 2) throw invalid(o, `a size of ${size.length} numbers, expected 2`);
    const attributes = { size: [size[0], size[1]] as [number, number], alignCorners, halfPixelCenters };
    graph.addResult(o, op, attributes, [graph.input(o, 0)]);
  };
}
