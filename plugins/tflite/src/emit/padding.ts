import { imageOf, tensor, windowGeometry } from '@whittle/core';
import type { ExplicitPadding, NodeView, Pair, WindowAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

/**
 * A window's padding as the file has it: SAME or VALID where the windows lie as one of these would put them, else the
 * rows and columns to add.
 */
export function filePadding(n: NodeView<WindowAttributes>, kernel: Pair): schema.Padding | ExplicitPadding {
  const { padding } = n.attributes;
  if (padding === 'same') return schema.Padding.SAME;
  if (padding === 'valid') return schema.Padding.VALID;
  if (padding.top + padding.bottom + padding.left + padding.right === 0) return schema.Padding.VALID;
  const [asIs, same] = [padding, 'same' as const].map((p) =>
    windowGeometry(n, { ...n.attributes, padding: p }, imageOf(n), kernel),
  );
  const alike =
    asIs.top === same.top &&
    asIs.left === same.left &&
    asIs.outHeight === same.outHeight &&
    asIs.outWidth === same.outWidth;
  return alike ? schema.Padding.SAME : padding;
}

/**
 * The input of a convolution or pool and the name of its padding. Padding that the file has no name for becomes a PAD of its own,
 * which fills with zero, that is with the zero point of an integer input; or a PADV2 with another value, of a float input.
 */
export function paddedInput(
  n: NodeView<WindowAttributes>,
  kernel: Pair,
  context: TfliteEmitContext,
  value = 0,
): { readonly input: number; readonly padding: schema.Padding } {
  const input = context.tensorOf(n.inputIds[0]);
  const padding = filePadding(n, kernel);
  if (typeof padding === 'number') return { input, padding };
  const { top, bottom, left, right } = padding;
  const [type] = n.inputs;
  const [height, width] = imageOf(n);
  const shape = [type.shape[0], height + top + bottom, width + left + right, type.shape[3]];
  const padded = context.addTensor({ ...type, shape }, `${n.name}/padded`);
  const margins = tensor('int32', [4, 2], [0, 0, top, bottom, left, right, 0, 0]);
  const inputs = [input, context.addConstant(margins, `${n.name}/paddings`)];
  if (value !== 0) inputs.push(context.addConstant(tensor(type.dtype, [], [value]), `${n.name}/border`));
  const operator = value === 0 ? schema.BuiltinOperator.PAD : schema.BuiltinOperator.PADV2;
  context.addOperator({
    operator,
    version: versionFor(operator, type.dtype),
    inputs,
    outputs: [padded],
    options: value === 0 ? new schema.PadOptionsT() : new schema.PadV2OptionsT(),
  });
  return { input: padded, padding: schema.Padding.VALID };
}
