import { tensor } from '@whittle/core';
import type { MirrorPadAttributes, NodeView, ResizeAttributes, TransposeAttributes } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { OperatorOptions, TfliteEmitContext } from '@whittle/tflite-schema';
import { versionFor } from './versions.js';

const { MIRROR_PAD, RESIZE_BILINEAR, RESIZE_NEAREST_NEIGHBOR, TRANSPOSE } = schema.BuiltinOperator;

export function emitTranspose(n: NodeView<TransposeAttributes>, context: TfliteEmitContext): void {
  const { permutation } = n.attributes;
  emitWithConstant(n, context, {
    operator: TRANSPOSE,
    constant: tensor('int32', [permutation.length], permutation),
    name: 'permutation',
    options: new schema.TransposeOptionsT(),
  });
}

export function emitMirrorPad(n: NodeView<MirrorPadAttributes>, context: TfliteEmitContext): void {
  const { paddings, mode } = n.attributes;
  const { REFLECT, SYMMETRIC } = schema.MirrorPadMode;
  emitWithConstant(n, context, {
    operator: MIRROR_PAD,
    constant: tensor('int32', [paddings.length, 2], paddings.flat()),
    name: 'paddings',
    options: new schema.MirrorPadOptionsT(mode === 'reflect' ? REFLECT : SYMMETRIC),
  });
}

export const emitResizeNearest = emitResize(
  RESIZE_NEAREST_NEIGHBOR,
  (how) => new schema.ResizeNearestNeighborOptionsT(how.alignCorners, how.halfPixelCenters),
);

export const emitResizeBilinear = emitResize(
  RESIZE_BILINEAR,
  (how) => new schema.ResizeBilinearOptionsT(how.alignCorners, how.halfPixelCenters),
);

function emitResize(
  operator: schema.BuiltinOperator,
  options: (attributes: ResizeAttributes) => OperatorOptions,
) {
  return (n: NodeView<ResizeAttributes>, context: TfliteEmitContext): void => {
    const { size, alignCorners, halfPixelCenters } = n.attributes;
    const aligns = operator === RESIZE_NEAREST_NEIGHBOR && alignCorners;
    emitWithConstant(n, context, {
      operator,
      constant: tensor('int32', [2], size),
      name: 'size',
      options: options(n.attributes),
      leastVersion: halfPixelCenters || aligns ? 3 : 1,
    });
  };
}

interface WithConstant {
  readonly operator: schema.BuiltinOperator;
  readonly constant: ReturnType<typeof tensor<'int32'>>;
  readonly name: string;
  readonly options: OperatorOptions;
  readonly leastVersion?: number;
}

/** An operator of one operand and a constant that says what to do with it. */
function emitWithConstant(
  n: NodeView<unknown>,
  context: TfliteEmitContext,
  { operator, constant, name, options, leastVersion = 1 }: WithConstant,
): void {
  context.addOperator({
    operator,
    version: Math.max(leastVersion, versionFor(operator, n.inputs[0].dtype, n.inputs[0].shape.length)),
    inputs: [context.tensorOf(n.inputIds[0]), context.addConstant(constant, `${n.name}/${name}`)],
    outputs: [context.tensorOf(n.outputIds[0])],
    options,
  });
}
