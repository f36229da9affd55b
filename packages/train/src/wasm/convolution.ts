import type { TensorFlow } from '../tensorflow.js';
import type { KernelModule } from './kernel-module.js';
import { registerWasm } from './register-wasm.js';
import type { TensorInfo } from './wasm-backend.js';
import { windowFields } from './window-fields.js';

type Shape4 = [number, number, number, number];
type Padding = 'same' | 'valid' | number;

/** The attributes of tfjs's kernels for gradients of convolutions, as far as they are read here. */
interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Padding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * The gradients of convolutions: tfjs has none with respect to weights in WebAssembly and none of depthwise ones, and its own with
 * respect to inputs is an order of magnitude slower. Images are NHWC.
 */
export function registerConvolutionGradients(tf: TensorFlow, kernels: KernelModule): void {
  const fields = (input: Shape4, filter: Shape4, attributes: ConvolutionAttributes, depthwise: boolean) => {
    const { strides, pad, dataFormat = 'NHWC', dilations = 1, dimRoundingMode } = attributes;
    if (dataFormat !== 'NHWC' || [dilations].flat().some((d) => d !== 1))
      throw new Error(`gradients are of NHWC without dilations, found ${dataFormat}, ${String(dilations)}`);
    const { computeConv2DInfo } = tf.backend_util;
    return windowFields(
      computeConv2DInfo(input, filter, strides, dilations, pad, dimRoundingMode, depthwise),
    );
  };
  const byWeight =
    (name: string, depthwise: boolean) =>
    (module: KernelModule, { x, dy }: Readonly<Record<string, TensorInfo>>, attributes: object) => {
      const { filterShape } = attributes as { filterShape: Shape4 };
      const window = fields(x.shape as Shape4, filterShape, attributes as ConvolutionAttributes, depthwise);
      const dw = module.output(filterShape);
      module.lendStruct(window, (at) =>
        module.run(name, at, module.address(x), module.address(dy), module.address(dw)),
      );
      return dw;
    };
  registerWasm(tf, kernels, 'Conv2DBackpropFilter', byWeight('whittle_conv2d_weight_gradient', false));
  registerWasm(
    tf,
    kernels,
    'DepthwiseConv2dNativeBackpropFilter',
    byWeight('whittle_depthwise_weight_gradient', true),
  );
  registerWasm(tf, kernels, 'Conv2DBackpropInput', (module, { dy, filter }, attributes) => {
    const { inputShape } = attributes as { inputShape: Shape4 };
    const [rows, columns, channels, outputs] = filter.shape as Shape4;
    const window = fields(inputShape, filter.shape as Shape4, attributes as never, false);
    const dx = module.output(inputShape);
    module.lend(rows * columns * channels * outputs + outputs, (scratch) =>
      module.lendStruct(window, (at) =>
        module.run(
          'whittle_conv2d_input_gradient',
          at,
          module.address(dy),
          module.address(filter),
          scratch,
          module.address(dx),
        ),
      ),
    );
    return dx;
  });
  registerWasm(tf, kernels, 'DepthwiseConv2dNativeBackpropInput', (module, { dy, filter }, attributes) => {
    const { inputShape } = attributes as { inputShape: Shape4 };
    const window = fields(inputShape, filter.shape as Shape4, attributes as never, true);
    const dx = module.output(inputShape);
    module.lendStruct(window, (at) =>
      module.run(
        'whittle_depthwise_input_gradient',
        at,
        module.address(dy),
        module.address(filter),
        module.address(dx),
      ),
    );
    return dx;
  });
}
