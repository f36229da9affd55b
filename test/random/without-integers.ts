/** Core's ops that no integer kernel computes, and that don't come down to any either. */
const withoutKernel = [
  ...['exp', 'log', 'sqrt', 'sign', 'floor', 'ceil', 'round', 'sin', 'cos', 'erf'],
  ...['pow', 'floor_mod', 'reduce_prod', 'local_response_norm'],
  // These decompose to ops of the line above.
  ...['gelu', 'softplus', 'mish', 'thresholded_relu'],
];

/** Its integers have no scale to be quantized by. */
const ofIntegers = ['cast'];

/** They give truth values, or choose by them; integers have no kernel for these. */
const ofTruth = [
  ...['equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal'],
  ...['logical_and', 'logical_or', 'logical_not', 'where'],
];

/** TensorFlow Lite Micro has them for int8 alone. */
const int8Alone = [
  ...['elu', 'hard_swish', 'scaled_elu', 'celu', 'reduce_max', 'reduce_min', 'mirror_pad'],
  ...['depth_to_space', 'space_to_depth', 'resize_bilinear', 'div', 'softsign', 'cumsum', 'gather'],
  ...['arg_max', 'arg_min', 'log_softmax', 'l2_normalize', 'svdf'],
];

/** Core's ops that random models are not quantized with; the tests see that each of them is refused. */
export const withoutIntegers: Readonly<Record<'int8' | 'int16', ReadonlySet<string>>> = {
  int8: new Set([...withoutKernel, ...ofIntegers, ...ofTruth]),
  int16: new Set([...withoutKernel, ...ofIntegers, ...ofTruth, ...int8Alone]),
};
