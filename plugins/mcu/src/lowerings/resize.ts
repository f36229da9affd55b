import { bitsOf, concrete } from '@whittle/core';
import type { ResizeAttributes } from '@whittle/core';
import { resizeBilinearPlan, resizeNearestPlan } from '@whittle/int8';
import { operand, output, struct, table } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, extents } from './kernel-call.js';

/** Nearest neighbours: the rows and columns to read are tables. */
export function lowerResizeNearest(node: KernelNode<ResizeAttributes>): KernelPlan {
  const { inputShape, indices } = resizeNearestPlan(node);
  const [batches, height, width, channels] = inputShape;
  const [, outputHeight, outputWidth] = concrete(node.outputs[0].shape);
  const params = extents(node, {
    batches,
    input_height: height,
    input_width: width,
    output_height: outputHeight,
    output_width: outputWidth,
    pixel: channels * (bitsOf(node.outputs[0].dtype) / 8),
  });
  const [rows, columns] = [indices[1], indices[2]].map((list) => Uint16Array.from(list ?? []));
  return {
    calls: [
      call(
        'whittle_resize_nearest',
        struct('whittle_resize_nearest_params', params),
        table('rows', rows),
        table('columns', columns),
        operand(node, 0, 'input'),
        output(0),
      ),
    ],
  };
}

export function lowerResizeBilinear(node: KernelNode<ResizeAttributes>): KernelPlan {
  const { batch, channels, rows, columns } = resizeBilinearPlan(node);
  const sizes = extents(node, {
    batches: batch,
    input_height: rows.from,
    input_width: columns.from,
    channels,
    output_height: rows.to,
    output_width: columns.to,
  });
  const params = struct('whittle_resize_bilinear_s8_params', {
    ...sizes,
    height_scale: rows.scale,
    width_scale: columns.scale,
    height_offset: rows.offset,
    width_offset: columns.offset,
  });
  return { calls: [call('whittle_resize_bilinear_s8', params, operand(node, 0, 'input'), output(0))] };
}
