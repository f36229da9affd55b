"""Writes ONNX models that between them have every op that is read, with what ONNX Runtime computes.

usage: onnx_models.fixture.py FOLDER

FOLDER/<name>.onnx, and FOLDER/cases.json: for each model its inputs and outputs. Seeds are fixed.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(11)
cases = []

ELEMENTS = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int64"): TensorProto.INT64, np.dtype("int32"): TensorProto.INT32,
            np.dtype("uint8"): TensorProto.UINT8, np.dtype("bool"): TensorProto.BOOL, np.dtype("int8"): TensorProto.INT8}
IR = {9: 4, 10: 5, 11: 6, 13: 7, 17: 8, 18: 8, 20: 9, 21: 10}


def draw(*shape, low=-2, high=2):
    return random.uniform(low, high, shape).astype(np.float32)


def described(value):
    value = np.asarray(value)
    dtype = str(value.dtype)
    return {"dtype": dtype, "shape": list(value.shape), "data": value.ravel().astype(float).tolist()}


class Graph:
    """Nodes and tensors of a model that is being built; every call of `node` gives the names of its results."""

    def __init__(self, opset):
        self.opset = opset
        self.nodes = []
        self.tensors = []
        self.count = 0

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def tensor(self, value):
        name = f"w{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def ints(self, *values):
        return self.tensor(np.array(values, np.int64))

    def node(self, op, *operands, outputs=1, **attributes):
        operands = [each if isinstance(each, str) else "" if each is None else self.tensor(each) for each in operands]
        names = [self.name() for _ in range(outputs)]
        self.nodes.append(helper.make_node(op, operands, names, **attributes))
        return names[0] if outputs == 1 else names


def case(name, shapes, build, opset=17, inputs=None, dynamic=False):
    """One model: `build(graph, *inputs)` gives the names of its outputs. Shapes are of inputs of float32."""
    graph = Graph(opset)
    if inputs is None:
        inputs = [draw(*shape) for shape in shapes]
    names = [f"in{i}" for i in range(len(inputs))]
    outputs = build(graph, *names)
    outputs = [outputs] if isinstance(outputs, str) else list(outputs)
    infos = [
        helper.make_tensor_value_info(each, ELEMENTS[x.dtype], ["N", *x.shape[1:]] if dynamic else list(x.shape))
        for each, x in zip(names, inputs)
    ]
    results = [helper.make_empty_tensor_value_info(each) for each in outputs]
    built = helper.make_graph(graph.nodes, name, infos, results, graph.tensors)
    model = helper.make_model(built, opset_imports=[helper.make_opsetid("", opset)], ir_version=IR[opset])
    content = model.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    values = session.run(None, dict(zip(names, inputs)))
    (folder / f"{name}.onnx").write_bytes(content)
    cases.append({"name": name, "inputs": [described(x) for x in inputs], "outputs": [described(y) for y in values]})


def op(name, op_type, *shapes, weights=(), opset=17, dynamic=True, **attributes):
    """A model of one node on inputs, with known operands behind them."""
    case(name, shapes, lambda g, *x: g.node(op_type, *x, *weights, **attributes), opset=opset, dynamic=dynamic)


IMAGE = (2, 4, 9, 8)

# Convolutions
for opset in (9, 11, 13, 17, 21):
    op(f"conv_{opset}", "Conv", IMAGE, weights=[draw(6, 4, 3, 3), draw(6)], opset=opset, pads=[1, 1, 1, 1])
op("conv_plain", "Conv", IMAGE, weights=[draw(5, 4, 3, 2)])
op("conv_strided", "Conv", IMAGE, weights=[draw(5, 4, 3, 3)], strides=[2, 2], pads=[1, 1, 1, 1])
op("conv_asymmetric", "Conv", IMAGE, weights=[draw(5, 4, 3, 3)], pads=[0, 1, 2, 1], strides=[2, 1])
op("conv_dilated", "Conv", IMAGE, weights=[draw(5, 4, 3, 3)], dilations=[2, 3], pads=[2, 3, 2, 3])
op("conv_grouped", "Conv", IMAGE, weights=[draw(6, 2, 3, 3), draw(6)], group=2)
op("conv_depthwise", "Conv", IMAGE, weights=[draw(4, 1, 3, 3), draw(4)], group=4, pads=[1, 1, 1, 1])
op("conv_depthwise_multiplied", "Conv", IMAGE, weights=[draw(8, 1, 3, 3), draw(8)], group=4, strides=[2, 2])
op("conv_one_channel", "Conv", (2, 1, 6, 6), weights=[draw(3, 1, 3, 3)])
for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    op(f"conv_{mode.lower()}", "Conv", IMAGE, weights=[draw(5, 4, 3, 4)], auto_pad=mode, strides=[2, 2])
op("conv1d", "Conv", (2, 4, 12), weights=[draw(6, 4, 3), draw(6)], pads=[1, 1])
op("conv1d_dilated", "Conv", (2, 4, 12), weights=[draw(6, 4, 3)], dilations=[2], strides=[2], pads=[2, 0])
op("conv1d_depthwise", "Conv", (2, 4, 12), weights=[draw(4, 1, 5)], group=4, auto_pad="SAME_UPPER")

# Transposed convolutions
op("transposed", "ConvTranspose", IMAGE, weights=[draw(4, 5, 2, 2), draw(5)], strides=[2, 2])
op("transposed_same", "ConvTranspose", IMAGE, weights=[draw(4, 5, 4, 4)], strides=[2, 2], pads=[1, 1, 1, 1])
op("transposed_padded", "ConvTranspose", IMAGE, weights=[draw(4, 5, 3, 3), draw(5)], strides=[2, 2], pads=[1, 1, 1, 1],
   output_padding=[1, 1])
op("transposed_output_padding", "ConvTranspose", IMAGE, weights=[draw(4, 5, 3, 3), draw(5)], strides=[2, 2],
   output_padding=[1, 0])
op("transposed_shape", "ConvTranspose", IMAGE, weights=[draw(4, 5, 3, 3)], strides=[2, 2], output_shape=[18, 16])
op("transposed_upper", "ConvTranspose", IMAGE, weights=[draw(4, 5, 3, 3)], strides=[2, 2], auto_pad="SAME_UPPER")
op("transposed_lower", "ConvTranspose", IMAGE, weights=[draw(4, 5, 3, 3)], strides=[2, 2], auto_pad="SAME_LOWER")
op("transposed_grouped", "ConvTranspose", IMAGE, weights=[draw(4, 3, 3, 3)], group=2, strides=[2, 1])
op("transposed_depthwise", "ConvTranspose", IMAGE, weights=[draw(4, 1, 4, 4)], group=4, strides=[2, 2], pads=[1, 1, 1, 1])
op("transposed_dilated", "ConvTranspose", IMAGE, weights=[draw(4, 2, 3, 3)], dilations=[2, 2])
op("transposed_1d", "ConvTranspose", (2, 4, 7), weights=[draw(4, 3, 4), draw(3)], strides=[2], pads=[1, 1])

# Matrix products
op("gemm", "Gemm", (3, 5), weights=[draw(5, 4), draw(4)])
op("gemm_options", "Gemm", (3, 5), weights=[draw(4, 5), draw(1, 4)], transB=1, alpha=0.5, beta=2.0)
op("gemm_transposed", "Gemm", (5, 3), weights=[draw(5, 4), draw(3, 4)], transA=1, dynamic=False)
op("gemm_no_bias", "Gemm", (3, 5), weights=[draw(5, 4)], opset=11)
op("gemm_scalar_bias", "Gemm", (3, 5), weights=[draw(5, 4), draw(1)])
op("gemm_two", "Gemm", (3, 5), (4, 5), weights=[draw(3, 4)], transB=1, alpha=0.25, beta=0.5, dynamic=False)
op("matmul", "MatMul", (3, 5), weights=[draw(5, 4)])
op("matmul_rank3", "MatMul", (2, 3, 5), weights=[draw(5, 4)])
op("matmul_rank4", "MatMul", (2, 3, 6, 5), weights=[draw(5, 4)])
op("matmul_two", "MatMul", (2, 3, 4, 5), (2, 3, 5, 6))
op("matmul_broadcast", "MatMul", (2, 3, 4, 5), (5, 6), dynamic=False)
op("matmul_known_first", "MatMul", (3, 5), weights=[draw(5, 4)], dynamic=False)
case("matmul_known_left", [(4, 3)], lambda g, x: g.node("MatMul", g.tensor(draw(2, 5, 4)), x))
op("matmul_batched_weight", "MatMul", (2, 3, 4, 5), weights=[draw(3, 5, 2)])
op("matmul_vector", "MatMul", (3, 5), weights=[draw(5)], dynamic=False)

# Normalization
for opset in (9, 13, 17):
    op(f"batch_norm_{opset}", "BatchNormalization", IMAGE,
       weights=[draw(4), draw(4), draw(4), draw(4, low=0.5)], opset=opset, epsilon=1e-3)
op("batch_norm_1d", "BatchNormalization", (2, 4, 7), weights=[draw(4), draw(4), draw(4), draw(4, low=0.5)])
op("batch_norm_features", "BatchNormalization", (3, 4), weights=[draw(4), draw(4), draw(4), draw(4, low=0.5)])
op("instance_norm", "InstanceNormalization", IMAGE, weights=[draw(4), draw(4)], epsilon=1e-4)
op("instance_norm_1d", "InstanceNormalization", (2, 4, 7), weights=[draw(4), draw(4)])
op("group_norm_21", "GroupNormalization", IMAGE, weights=[draw(4), draw(4)], opset=21, num_groups=2)
op("group_norm_18", "GroupNormalization", IMAGE, weights=[draw(2), draw(2)], opset=18, num_groups=2)
op("layer_norm", "LayerNormalization", (2, 3, 6), weights=[draw(6), draw(6)])
op("layer_norm_no_bias", "LayerNormalization", (2, 3, 6), weights=[draw(6)], axis=-1)
op("layer_norm_wide", "LayerNormalization", IMAGE, weights=[draw(4, 9, 8), draw(4, 9, 8)], axis=1)
op("layer_norm_columns", "LayerNormalization", IMAGE, weights=[draw(9, 8), draw(9, 8)], axis=2)
op("lrn", "LRN", IMAGE, size=3, alpha=0.5, beta=0.6, bias=2.0)
op("lp_norm", "LpNormalization", IMAGE, axis=1, p=2)
for opset in (9, 11, 13):
    op(f"softmax_{opset}", "Softmax", (3, 5), opset=opset)
    op(f"softmax_image_{opset}", "Softmax", IMAGE, opset=opset, axis=1)
    op(f"softmax_rows_{opset}", "Softmax", IMAGE, opset=opset, axis=2)
    op(f"softmax_last_{opset}", "Softmax", IMAGE, opset=opset, axis=3)
    op(f"log_softmax_{opset}", "LogSoftmax", IMAGE, opset=opset, axis=1)
op("log_softmax_last", "LogSoftmax", (3, 5), axis=-1)

# Activations and other element-wise functions
SIMPLE = ["Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp", "Neg", "Abs", "Erf", "Floor", "Ceil", "Round", "Sign", "Elu",
          "Selu", "Celu", "LeakyRelu", "HardSigmoid", "HardSwish", "ThresholdedRelu", "Sin", "Cos", "Reciprocal"]
for each in SIMPLE:
    op(f"unary_{each.lower()}", each, IMAGE)
op("mish", "Mish", IMAGE, opset=18)
op("gelu", "Gelu", IMAGE, opset=20)
op("gelu_tanh", "Gelu", IMAGE, opset=20, approximate="tanh")
op("elu_alpha", "Elu", IMAGE, alpha=0.3)
op("elu_alpha_large", "Elu", IMAGE, alpha=1.7)
op("selu_options", "Selu", IMAGE, alpha=1.2, gamma=0.7)
op("celu_alpha", "Celu", IMAGE, alpha=0.6)
op("leaky_alpha", "LeakyRelu", IMAGE, alpha=0.3)
op("leaky_steep", "LeakyRelu", IMAGE, alpha=1.5)
op("hard_sigmoid_options", "HardSigmoid", IMAGE, alpha=0.1666, beta=0.5)
op("thresholded", "ThresholdedRelu", IMAGE, alpha=0.4)
for each in ("Sqrt", "Log"):
    case(f"unary_{each.lower()}", [], lambda g, x: g.node(each, x), inputs=[draw(*IMAGE, low=0.1)])
op("prelu_channels", "PRelu", IMAGE, weights=[draw(4, 1, 1)])
op("prelu_scalar", "PRelu", IMAGE, weights=[draw(1)])
op("prelu_features", "PRelu", (3, 5), weights=[draw(5)])
for low, high in ((0, 6), (-1, 1), (0, 1), (-0.5, 1.25)):
    op(f"clip_{low}_{high}", "Clip", IMAGE, weights=[np.float32(low), np.float32(high)])
    op(f"clip_old_{low}_{high}", "Clip", IMAGE, opset=9, min=float(low), max=float(high))
op("clip_below", "Clip", IMAGE, weights=[np.float32(0)])
op("clip_above", "Clip", IMAGE, weights=[None, np.float32(0.5)])
op("clip_old_default", "Clip", IMAGE, opset=9, min=0.0)

# Arithmetic
for each in ("Add", "Sub", "Mul", "Div"):
    op(f"binary_{each.lower()}", each, IMAGE, IMAGE)
    op(f"binary_{each.lower()}_channels", each, IMAGE, weights=[draw(4, 1, 1, low=0.5)])
    op(f"binary_{each.lower()}_columns", each, IMAGE, weights=[draw(8, low=0.5)])
    op(f"binary_{each.lower()}_scalar", each, IMAGE, weights=[np.float32(1.5)])
op("binary_full", "Add", IMAGE, weights=[draw(1, 4, 9, 8)])
op("binary_known_first", "Add", IMAGE, weights=[draw(9, 1)])
case("binary_scalar_first", [IMAGE], lambda g, x: g.node("Sub", g.tensor(np.float32(1)), x), dynamic=True)
op("binary_broadcast", "Mul", IMAGE, (2, 4, 1, 1))
op("binary_broadcast_rank", "Add", IMAGE, (9, 8), dynamic=False)
op("binary_outer", "Add", (2, 4, 1, 1), (2, 1, 9, 8))
for each in ("Min", "Max", "Sum", "Mean"):
    op(f"nary_{each.lower()}", each, IMAGE, IMAGE, IMAGE)
    op(f"nary_{each.lower()}_one", each, IMAGE)
op("max_known", "Max", IMAGE, weights=[np.float32(0.3)])
for exponent in (1, 2, 0.5, 3):
    case(f"pow_{exponent}", [], lambda g, x: g.node("Pow", x, np.float32(exponent)), inputs=[draw(*IMAGE, low=0.2)])
case("pow_integer", [IMAGE], lambda g, x: g.node("Pow", x, np.int64(3)), dynamic=True)

# Pools
for each in ("MaxPool", "AveragePool"):
    op(f"{each}_plain", each, IMAGE, kernel_shape=[2, 2], strides=[2, 2])
    op(f"{each}_padded", each, IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    op(f"{each}_ceil", each, IMAGE, kernel_shape=[2, 3], strides=[2, 3], ceil_mode=1)
    op(f"{each}_ceil_padded", each, IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
    op(f"{each}_same", each, IMAGE, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
    op(f"{each}_lower", each, IMAGE, kernel_shape=[2, 2], auto_pad="SAME_LOWER")
    op(f"{each}_1d", each, (2, 4, 11), kernel_shape=[3], strides=[2], pads=[1, 0])
    op(f"Global{each}", f"Global{each}", IMAGE)
    op(f"Global{each}_1d", f"Global{each}", (2, 4, 11))
op("AveragePool_counting", "AveragePool", IMAGE, kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
op("AveragePool_counting_ceil", "AveragePool", (2, 3, 8, 8), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 0, 0],
   count_include_pad=1, ceil_mode=1)

# Reductions
for each in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare",
             "ReduceLogSumExp"):
    for keep in (0, 1):
        name = f"{each}_{keep}"
        if each == "ReduceSum":
            op(name, each, IMAGE, weights=[np.array([2, 3], np.int64)], opset=13, keepdims=keep)
        else:
            op(name, each, IMAGE, opset=13, axes=[2, 3], keepdims=keep)
        op(f"{name}_18", each, IMAGE, weights=[np.array([-3], np.int64)], opset=18, keepdims=keep)
op("reduce_all", "ReduceMean", IMAGE, opset=13, keepdims=0, dynamic=False)
op("reduce_first", "ReduceSum", (3, 5), weights=[np.array([0], np.int64)], opset=13, keepdims=0, dynamic=False)
op("reduce_noop", "ReduceSum", (3, 5), opset=13, noop_with_empty_axes=1)
for each in ("ArgMax", "ArgMin"):
    op(f"{each}_channels", each, IMAGE, axis=1)
    op(f"{each}_last", each, IMAGE, axis=-1, keepdims=0)

# Shapes
op("concat_channels", "Concat", IMAGE, (2, 3, 9, 8), axis=1)
op("concat_rows", "Concat", IMAGE, (2, 4, 3, 8), axis=-2)
op("concat_features", "Concat", (3, 4), (3, 5), axis=1)
op("concat_known", "Concat", (3, 4), weights=[draw(3, 2)], axis=1, dynamic=False)
op("concat_first", "Concat", (3, 4), (2, 4), axis=0, dynamic=False)
op("concat_narrow", "Concat", (2, 1, 9, 8), (2, 1, 9, 8), axis=1)
for opset in (11, 13):
    parts = {"split": [1, 3]} if opset < 13 else {}
    known = [] if opset < 13 else [np.array([1, 3], np.int64)]
    op(f"split_{opset}", "Split", IMAGE, weights=known, opset=opset, axis=1, outputs=2, **parts)
    op(f"split_equal_{opset}", "Split", IMAGE, opset=opset, axis=3, outputs=2)
op("split_18", "Split", IMAGE, opset=18, axis=2, num_outputs=2, outputs=2)
LARGE = 2**63 - 1
op("slice_9", "Slice", IMAGE, opset=9, starts=[1, 2], ends=[LARGE, -1], axes=[1, 3])
case("slice_inputs", [IMAGE], lambda g, x: g.node("Slice", x, g.ints(1, 0), g.ints(-1, LARGE), g.ints(2, 3), g.ints(2, 3)),
     dynamic=True)
case("slice_backwards", [IMAGE], lambda g, x: g.node("Slice", x, g.ints(-1), g.ints(-LARGE), g.ints(2), g.ints(-1)), dynamic=True)
case("slice_batch", [IMAGE], lambda g, x: g.node("Slice", x, g.ints(0), g.ints(LARGE), g.ints(0)), dynamic=True)
for mode in ("constant", "reflect", "edge"):
    op(f"pad_9_{mode}", "Pad", IMAGE, opset=9, mode=mode, pads=[0, 0, 1, 2, 0, 0, 3, 0])
    op(f"pad_{mode}", "Pad", IMAGE, weights=[np.array([0, 1, 1, 0, 0, 0, 2, 1], np.int64)], mode=mode)
op("pad_value", "Pad", IMAGE, weights=[np.array([0, 0, 1, 0, 0, 0, 2, 1], np.int64), np.float32(1.5)])
op("pad_negative", "Pad", IMAGE, weights=[np.array([0, 0, -1, 0, 0, 0, 2, -3], np.int64)])
op("pad_axes", "Pad", IMAGE, weights=[np.array([1, 2], np.int64), None, np.array([2], np.int64)], opset=18)
op("pad_wrap", "Pad", IMAGE, weights=[np.array([0, 0, 1, 2, 0, 0, 2, 0], np.int64)], mode="wrap", opset=21)
for permutation in ([0, 2, 3, 1], [0, 3, 1, 2], [0, 1, 3, 2]):
    op(f"transpose_{''.join(map(str, permutation))}", "Transpose", IMAGE, perm=permutation)
op("transpose_first", "Transpose", (3, 4), dynamic=False)
op("reshape_flat", "Reshape", IMAGE, weights=[np.array([0, -1], np.int64)])
op("reshape_split", "Reshape", IMAGE, weights=[np.array([-1, 2, 2, 9, 8], np.int64)])
op("reshape_merge", "Reshape", IMAGE, weights=[np.array([0, 4, -1], np.int64)])
op("reshape_other", "Reshape", IMAGE, weights=[np.array([0, 8, 9, 4], np.int64)])
op("reshape_batch", "Reshape", IMAGE, weights=[np.array([-1, 72], np.int64)], dynamic=False)
op("flatten", "Flatten", IMAGE)
op("flatten_2", "Flatten", IMAGE, axis=2, dynamic=False)
op("flatten_0", "Flatten", IMAGE, axis=0, dynamic=False)
for opset in (11, 13):
    narrow = (2, 4, 1, 8)
    op(f"squeeze_{opset}", "Squeeze", narrow, opset=opset, **({"axes": [2]} if opset < 13 else {"weights": [np.array([2], np.int64)]}))
    op(f"unsqueeze_{opset}", "Unsqueeze", (2, 4, 8), opset=opset,
       **({"axes": [1, 4]} if opset < 13 else {"weights": [np.array([1, -1], np.int64)]}))
op("expand", "Expand", (2, 4, 1, 8), weights=[np.array([1, 4, 5, 8], np.int64)])
op("expand_rank", "Expand", (4, 1), weights=[np.array([3, 4, 5], np.int64)], dynamic=False)
op("tile", "Tile", IMAGE, weights=[np.array([1, 2, 1, 3], np.int64)])
op("gather_one", "Gather", IMAGE, weights=[np.array(-1, np.int64)], axis=1)
op("gather_even", "Gather", IMAGE, weights=[np.array([0, 2, 4], np.int64)], axis=2)
op("gather_some", "Gather", IMAGE, weights=[np.array([3, 0, 1], np.int64)], axis=1)
op("gather_matrix", "Gather", IMAGE, weights=[np.array([[3, 0], [1, 1]], np.int64)], axis=1)
case("embedding", [], lambda g, x: g.node("Gather", g.tensor(draw(10, 6)), x), inputs=[np.array([[1, 9, 3]], np.int64)], dynamic=True)
op("depth_to_space", "DepthToSpace", (2, 12, 3, 4), blocksize=2)
op("depth_to_space_crd", "DepthToSpace", (2, 12, 3, 4), blocksize=2, mode="CRD")
op("depth_to_space_crd_one", "DepthToSpace", (2, 4, 3, 4), blocksize=2, mode="CRD")
op("space_to_depth", "SpaceToDepth", (2, 3, 6, 4), blocksize=2)
op("cast_int", "Cast", IMAGE, to=TensorProto.INT32)
op("identity", "Identity", IMAGE)
case("dropout", [IMAGE], lambda g, x: g.node("Relu", g.node("Dropout", x)), dynamic=True)
case("cast_input", [], lambda g, x: g.node("Cast", x, to=TensorProto.FLOAT), inputs=[np.arange(72, dtype=np.uint8).reshape(1, 3, 4, 6)])

# Resizing
SCALES = np.array([1, 1, 2, 3], np.float32)
for opset, kind in ((9, "Upsample"), (10, "Resize")):
    for mode in ("nearest", "linear"):
        if kind == "Upsample" or mode == "nearest":
            op(f"{kind.lower()}_{mode}", kind, IMAGE, weights=[SCALES], opset=opset, mode=mode)
for transform in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
    op(f"resize_linear_{transform}", "Resize", IMAGE, weights=[None, SCALES], mode="linear",
       coordinate_transformation_mode=transform)
    op(f"resize_linear_sizes_{transform}", "Resize", IMAGE, weights=[None, None, np.array([2, 4, 5, 13], np.int64)],
       mode="linear", coordinate_transformation_mode=transform, dynamic=False)
    for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
        op(f"resize_{transform}_{rounding}", "Resize", IMAGE, weights=[None, np.array([1, 1, 1.7, 0.6], np.float32)], mode="nearest",
           coordinate_transformation_mode=transform, nearest_mode=rounding)
op("resize_1d", "Resize", (2, 4, 9), weights=[None, np.array([1, 1, 2], np.float32)], mode="nearest",
   coordinate_transformation_mode="asymmetric", nearest_mode="floor")

# Networks
def shuffle(g, x, channels=4, groups=2):
    x = g.node("Conv", x, draw(channels, channels, 1, 1))
    split = g.node("Reshape", x, g.ints(-1, groups, channels // groups, 9, 8))
    swapped = g.node("Transpose", split, perm=[0, 2, 1, 3, 4])
    return g.node("Conv", g.node("Reshape", swapped, g.ints(-1, channels, 9, 8)), draw(3, channels, 3, 3))


case("channel_shuffle", [IMAGE], shuffle, dynamic=True)


def classifier(g, x):
    x = g.node("Relu", g.node("Conv", x, draw(6, 4, 3, 3), draw(6), strides=[2, 2]))
    x = g.node("Relu", g.node("Flatten", x))
    x = g.node("BatchNormalization", x, draw(72), draw(72), draw(72), draw(72, low=0.5))
    x = g.node("Add", g.node("Mul", x, draw(72)), draw(1, 72))
    return g.node("Softmax", g.node("Gemm", x, draw(5, 72), draw(5), transB=1), axis=1)


case("flatten_dense", [IMAGE], classifier, dynamic=True)


def pytorch_flatten(g, x):
    """A shape that is computed, as exporters have it."""
    x = g.node("MaxPool", g.node("Conv", x, draw(6, 4, 3, 3)), kernel_shape=[2, 2], strides=[2, 2])
    batch = g.node("Gather", g.node("Shape", x), g.tensor(np.int64(0)), axis=0)
    shape = g.node("Concat", g.node("Unsqueeze", batch, g.ints(0)), g.ints(-1), axis=0)
    return g.node("MatMul", g.node("Reshape", x, shape), draw(54, 5))


case("computed_flatten", [IMAGE], pytorch_flatten, dynamic=True)


def computed_resize(g, x):
    other = g.node("Conv", x, draw(3, 4, 2, 2), strides=[2, 2])
    shape = g.node("Slice", g.node("Shape", x), g.ints(2), g.ints(4), g.ints(0))
    front = g.node("Slice", g.node("Shape", other), g.ints(0), g.ints(2), g.ints(0))
    sizes = g.node("Concat", front, g.node("Cast", shape, to=TensorProto.INT64), axis=0)
    return g.node("Resize", other, None, None, sizes, mode="linear", coordinate_transformation_mode="pytorch_half_pixel")


case("computed_resize", [IMAGE], computed_resize, dynamic=True)


def computed_expand(g, x):
    shape = g.node("Shape", x)
    ones = g.node("ConstantOfShape", g.node("Shape", shape), value=numpy_helper.from_array(np.array([1], np.int64)))
    wanted = g.ints(-1, 4, 9, 8)
    isOpen = g.node("Equal", wanted, g.node("Mul", ones, g.ints(-1)))
    return g.node("Expand", g.node("ReduceMean", x, axes=[2, 3]), g.node("Where", isOpen, ones, wanted))


case("computed_expand", [IMAGE], computed_expand, dynamic=True)


def squeeze_excite(g, x):
    pooled = g.node("GlobalAveragePool", x)
    gate = g.node("Relu", g.node("Conv", pooled, draw(2, 4, 1, 1), draw(2)))
    gate = g.node("HardSigmoid", g.node("Conv", gate, draw(4, 2, 1, 1), draw(4)))
    return g.node("Mul", x, gate)


case("squeeze_excite", [IMAGE], squeeze_excite, dynamic=True)


def squeeze_excite_dense(g, x):
    pooled = g.node("Squeeze", g.node("GlobalAveragePool", x), g.ints(2, 3))
    gate = g.node("Sigmoid", g.node("Gemm", g.node("Relu", g.node("Gemm", pooled, draw(4, 2))), draw(2, 4)))
    return g.node("Mul", x, g.node("Unsqueeze", gate, g.ints(2, 3)))


case("squeeze_excite_dense", [IMAGE], squeeze_excite_dense, dynamic=True)


def attention(g, x):
    """[N, T, C], two heads."""
    def heads(x):
        x = g.node("Add", g.node("MatMul", x, draw(8, 8)), draw(8))
        return g.node("Transpose", g.node("Reshape", x, g.ints(0, 5, 2, 4)), perm=[0, 2, 1, 3])

    q, k, v = heads(x), heads(x), heads(x)
    scores = g.node("Mul", g.node("MatMul", q, g.node("Transpose", k, perm=[0, 1, 3, 2])), np.float32(0.5))
    mixed = g.node("Transpose", g.node("MatMul", g.node("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    y = g.node("Add", x, g.node("MatMul", g.node("Reshape", mixed, g.ints(0, 5, 8)), draw(8, 8)))
    return g.node("LayerNormalization", y, draw(8), draw(8))


case("attention", [(2, 5, 8)], attention, dynamic=True)


def erf_gelu(g, x):
    share = g.node("Add", g.node("Erf", g.node("Div", x, np.float32(1.41421354))), np.float32(1))
    return g.node("Mul", g.node("Mul", x, share), np.float32(0.5))


case("erf_gelu", [(2, 5, 8)], erf_gelu, dynamic=True)
case("swish", [IMAGE], lambda g, x: g.node("Mul", x, g.node("Sigmoid", x)), dynamic=True)


def spelled_layer_norm(g, x):
    deviation = g.node("Sub", x, g.node("ReduceMean", x, axes=[-1]))
    variance = g.node("ReduceMean", g.node("Pow", deviation, np.float32(2)), axes=[-1])
    root = g.node("Sqrt", g.node("Add", variance, np.float32(1e-5)))
    return g.node("Add", g.node("Mul", g.node("Div", deviation, root), draw(8)), draw(8))


case("spelled_layer_norm", [(2, 5, 8)], spelled_layer_norm, dynamic=True)
case("spelled_hard_swish", [IMAGE], lambda g, x: g.node("Mul", x, g.node("HardSigmoid", x, alpha=1 / 6)), dynamic=True)


case("narrow_axes", [(1, 1, 1)],
     lambda g, x: g.node("Unsqueeze", g.node("ReduceMean", g.node("Conv", x, draw(1, 1, 1)), axes=[1], keepdims=0), g.ints(1)))


def convnext(g, x):
    x = g.node("Conv", x, draw(4, 1, 3, 3), group=4, pads=[1, 1, 1, 1])
    y = g.node("LayerNormalization", g.node("Transpose", x, perm=[0, 2, 3, 1]), draw(4), draw(4))
    y = g.node("MatMul", y, draw(4, 6))
    y = g.node("Transpose", g.node("MatMul", g.node("Relu", y), draw(6, 4)), perm=[0, 3, 1, 2])
    return g.node("Add", x, y)


case("convnext", [IMAGE], convnext, dynamic=True)


def focus(g, x):
    def part(row, column):
        return g.node("Slice", x, g.ints(row, column), g.ints(LARGE, LARGE), g.ints(2, 3), g.ints(2, 2))

    return g.node("Conv", g.node("Concat", part(0, 0), part(1, 0), part(0, 1), part(1, 1), axis=1), draw(5, 16, 3, 3))


case("focus", [(2, 4, 8, 8)], focus, dynamic=True)


def pixel_shuffle(g, x):
    x = g.node("Reshape", g.node("Conv", x, draw(8, 4, 1, 1)), g.ints(-1, 2, 2, 2, 9, 8))
    return g.node("Reshape", g.node("Transpose", x, perm=[0, 1, 4, 2, 5, 3]), g.ints(-1, 2, 18, 16))


case("pixel_shuffle", [IMAGE], pixel_shuffle, dynamic=True)


def group_norm(g, x):
    grouped = g.node("InstanceNormalization", g.node("Reshape", x, g.ints(0, 2, -1)), draw(2, low=1, high=1), draw(2, low=0, high=0))
    x = g.node("Reshape", grouped, g.ints(-1, 4, 9, 8))
    return g.node("Add", g.node("Mul", x, draw(4, 1, 1)), draw(4, 1, 1))


case("group_norm_decomposed", [IMAGE], group_norm, dynamic=True)


def decoder(g, x):
    x = g.node("Reshape", g.node("Relu", g.node("Gemm", x, draw(6, 4 * 3 * 2), draw(24))), g.ints(-1, 4, 3, 2))
    return g.node("ConvTranspose", x, draw(4, 3, 4, 4), strides=[2, 2], pads=[1, 1, 1, 1])


case("decoder", [(2, 6)], decoder, dynamic=True)


def temporal(g, x):
    x = g.node("Relu", g.node("BatchNormalization", g.node("Conv", x, draw(6, 4, 3), pads=[1, 1]), draw(6), draw(6), draw(6), draw(6, low=0.5)))
    x = g.node("MaxPool", g.node("Conv", x, draw(6, 6, 3)), kernel_shape=[2], strides=[2])
    return g.node("Gemm", g.node("Flatten", x), draw(30, 3))


case("temporal", [(2, 4, 12)], temporal, dynamic=True)


def channels_last_inside(g, x):
    """A TensorFlow model: images come with channels last."""
    x = g.node("Conv", g.node("Transpose", x, perm=[0, 3, 1, 2]), draw(6, 4, 3, 3))
    return g.node("Transpose", g.node("Relu", x), perm=[0, 2, 3, 1])


case("channels_last_inside", [(2, 9, 8, 4)], channels_last_inside, dynamic=True)


def branch(g, x):
    y = g.node("Conv", x, draw(4, 4, 3, 3), pads=[1, 1, 1, 1])
    z = g.node("Concat", x, y, axis=1)
    a, b = g.node("Split", z, axis=1, outputs=2)
    return [g.node("Add", a, b), g.node("ReduceMean", z, axes=[1], keepdims=0), g.node("Flatten", a)]


case("branches", [IMAGE], branch, dynamic=True)


def flattened_sum(g, x):
    """Two flattened images whose indices lie differently."""
    a = g.node("Flatten", g.node("Relu", x))
    b = g.node("Reshape", g.node("Transpose", x, perm=[0, 2, 3, 1]), g.ints(0, -1))
    return g.node("Gemm", g.node("Add", a, b), draw(288, 3))


case("flattened_sum", [IMAGE], flattened_sum, dynamic=True)


def quantized_weights(g, x):
    w = g.node("DequantizeLinear", random.integers(-127, 127, (6, 4, 3, 3), np.int8), draw(6, low=0.01, high=0.02),
               np.zeros(6, np.int8), axis=0)
    return g.node("Conv", x, w)


case("quantized_weights", [IMAGE], quantized_weights, dynamic=True)


def saturated(g, x):
    """Quantization whose range does what a ReLU would."""
    x = g.node("QuantizeLinear", g.node("Conv", x, draw(4, 4, 1, 1)), np.float32(1e-8), np.uint8(0))
    return g.node("DequantizeLinear", x, np.float32(1e-8), np.uint8(0))


case("saturated", [IMAGE], saturated, dynamic=True)


def rounded(g, x):
    """Quantization that rounds, and cuts some values off."""
    scale, zero_point = np.float32(0.05), np.int8(-28)
    x = g.node("QuantizeLinear", g.node("Conv", x, draw(4, 4, 1, 1)), scale, zero_point)
    return g.node("Conv", g.node("DequantizeLinear", x, scale, zero_point), draw(3, 4, 3, 3))


case("rounded", [IMAGE], rounded, dynamic=True)


case("dequantized_input", [], lambda g, x: g.node("Relu", g.node("DequantizeLinear", x, np.float32(0.02), np.uint8(100))),
     inputs=[random.integers(0, 256, (1, 3, 4, 6), np.uint8)])


for direction, count in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
    weights = [draw(count, 24, 5), draw(count, 24, 6), draw(count, 48)]
    case(f"lstm_{direction}", [(4, 1, 5)],
         lambda g, x: g.node("LSTM", x, *weights, outputs=3, hidden_size=6, direction=direction))
    case(f"lstm_{direction}_states", [(4, 3, 5), (count, 3, 6), (count, 3, 6)],
         lambda g, x, h, c: g.node("LSTM", x, *weights, None, h, c, outputs=3, hidden_size=6, direction=direction))


    weights = [draw(count, 18, 5), draw(count, 18, 6), draw(count, 36)]
    for behind in (0, 1):
        case(f"gru_{direction}_{behind}", [(4, 2, 5)], lambda g, x: g.node(
            "GRU", x, *weights, outputs=2, hidden_size=6, direction=direction, linear_before_reset=behind))
        case(f"gru_{direction}_{behind}_state", [(4, 2, 5), (count, 2, 6)], lambda g, x, h: g.node(
            "GRU", x, *weights, None, h, outputs=2, hidden_size=6, direction=direction, linear_before_reset=behind))


def lstm_classifier(g, x):
    """The batch first, as PyTorch exports it."""
    y = g.node("LSTM", g.node("Transpose", x, perm=[1, 0, 2]), draw(1, 24, 5), draw(1, 24, 6), outputs=2, hidden_size=6)[0]
    y = g.node("Transpose", g.node("Squeeze", y, g.ints(1)), perm=[1, 0, 2])
    return g.node("Gemm", g.node("Gather", y, g.tensor(np.int64(-1)), axis=1), draw(6, 3))


case("lstm_classifier", [(1, 7, 5)], lstm_classifier, dynamic=True)


def taken(g, x):
    """A branch whose condition is known."""
    flag = g.node("Equal", g.node("Gather", g.node("Shape", x), g.tensor(np.int64(1))), g.tensor(np.int64(4)))
    yes = helper.make_graph([helper.make_node("Relu", [x], ["yes"])], "yes", [], [helper.make_empty_tensor_value_info("yes")])
    no = helper.make_graph([helper.make_node("Neg", [x], ["no"])], "no", [], [helper.make_empty_tensor_value_info("no")])
    return g.node("If", flag, then_branch=yes, else_branch=no)


case("known_condition", [IMAGE], taken)



def chosen(g, x):
    """Branches whose condition is computed, one of them within the other."""
    def graph(name, nodes, result):
        return helper.make_graph(nodes, name, [], [helper.make_empty_tensor_value_info(result)])

    zero = g.tensor(np.float32(0))
    flag = g.node("Greater", g.node("ReduceSum", x, keepdims=0), zero)
    inside = g.node("Less", g.node("ReduceMax", x, keepdims=0), zero)
    kernel = g.tensor(draw(4, 4, 1, 1))
    deep = graph("deep", [helper.make_node("Conv", [x, kernel], ["deep"])], "deep")
    shallow = graph("shallow", [helper.make_node("Neg", [x], ["shallow"])], "shallow")
    yes = graph("yes", [helper.make_node("Relu", [x], ["relu"]), helper.make_node("Mul", ["relu", "relu"], ["yes"])], "yes")
    no = graph("no", [helper.make_node("If", [inside], ["no"], then_branch=deep, else_branch=shallow)], "no")
    return g.node("If", flag, then_branch=yes, else_branch=no)


case("computed_condition", [(1, 4, 5, 3)], chosen, inputs=[draw(1, 4, 5, 3) + 1])
case("computed_condition_not_met", [(1, 4, 5, 3)], chosen, inputs=[draw(1, 4, 5, 3) - 1])
case("computed_condition_within", [(1, 4, 5, 3)], chosen, inputs=[draw(1, 4, 5, 3) - 5])


def truth(operator, left, right):
    """A comparison of a convolution's result, which lies with its channels last, and what is chosen by it."""
    def build(g, x):
        y = g.node("Conv", x, draw(4, 4, 1, 1))
        holds = g.node(operator, y, right)
        return g.node("Where", holds, g.node("Relu", y), left), g.node("Cast", holds, to=TensorProto.FLOAT)

    return build


for operator in ("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"):
    case(f"where_{operator}", [IMAGE], truth(operator, draw(4, 1, 1), draw(1, 4, 1, 8)), dynamic=True)
for opset in (9, 13):
    case(f"where_greater_{opset}", [IMAGE], truth("Greater", draw(8), draw(4, 1, 1)), dynamic=True, opset=opset)


def logic(g, x, y):
    zero = np.float32(0)
    a, b = g.node("Greater", x, zero), g.node("Less", y, zero)
    several = [g.node("Not", a), *(g.node(each, a, b) for each in ("And", "Or", "Xor"))]
    return [g.node("Cast", each, to=TensorProto.FLOAT) for each in several]


case("logic", [IMAGE, IMAGE], logic, dynamic=True)
case("logic_broadcast", [IMAGE, (2, 1, 9, 1)], logic, dynamic=True)


def by_count(g, x):
    """What is left of a sum over the batch's examples: their number is computed with."""
    return g.node("Div", x, g.node("Cast", g.node("Gather", g.node("Shape", x), g.tensor(np.int64(0))), to=TensorProto.FLOAT))


case("number_of_examples", [(1, 5)], by_count, dynamic=True)


def integers(g, x):
    whole = g.node("Cast", g.node("Floor", x), to=TensorProto.INT64)
    return g.node("Where", g.node("Equal", whole, g.tensor(np.int64(1))), g.tensor(np.float32(7)), x)


case("where_of_integers", [IMAGE], integers, dynamic=True)

# Tensors in another file
outside = onnx.load(folder / "flatten_dense.onnx")
onnx.save_model(outside, folder / "external_data.onnx", save_as_external_data=True, location="external_data.bin", size_threshold=64)
cases.append({**next(each for each in cases if each["name"] == "flatten_dense"), "name": "external_data"})

(folder / "cases.json").write_text(json.dumps(cases))
