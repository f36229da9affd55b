"""Writes Keras models that between them have every layer that is read, with what Keras computes.

usage: keras_models.fixture.py FOLDER

FOLDER/<name>.keras and FOLDER/<name>.h5, and FOLDER/cases.json: for each model its inputs and outputs. Seeds are fixed.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from keras import layers as L
from keras import ops

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(7)
cases = []


def draw_weights(model):
    """Weights of no special value; variances are positive."""
    values = []
    for weight in model.weights:
        low, high = (0.5, 1.5) if "variance" in weight.path else (-0.5, 0.5)
        values.append(random.uniform(low, high, weight.shape).astype(weight.dtype))
    model.set_weights(values)


def described(value):
    value = np.asarray(value)
    dtype = "int32" if value.dtype.kind in "iu" else "float32"
    return {"dtype": dtype, "shape": list(value.shape), "data": value.astype(dtype).ravel().tolist()}


def case(name, model, inputs=None, draw=True):
    if draw:
        draw_weights(model)
    if inputs is None:
        inputs = [random.uniform(-2, 2, (2, *each.shape[1:])).astype(np.float32) for each in model.inputs]
    outputs = keras.tree.flatten(model.predict_on_batch(inputs if len(inputs) > 1 else inputs[0]))
    for ending in ("keras", "h5"):
        model.save(folder / f"{name}.{ending}")
    cases.append(
        {"name": name, "inputs": [described(x) for x in inputs], "outputs": [described(y) for y in outputs]}
    )


def layer(name, shape, *layers):
    case(name, keras.Sequential([keras.Input(shape), *layers]))


def graph(name, shapes, build):
    inputs = [keras.Input(shape, name=f"in{i}") for i, shape in enumerate(shapes)]
    case(name, keras.Model(inputs, build(*inputs)))


FIRST = {"data_format": "channels_first"}

# Dense and convolutions.
layer("dense", (5,), L.Dense(3, activation="relu", name="hidden"), L.Dense(2, use_bias=False))
layer("dense_sequence", (4, 5), L.Dense(3, activation="tanh"))
layer("conv2d", (8, 9, 4), L.Conv2D(6, (3, 2), strides=(2, 1), padding="same", activation="relu", name="conv1"))
layer("conv2d_dilated", (9, 9, 4), L.Conv2D(3, 3, dilation_rate=2, use_bias=False, activation="sigmoid"))
layer("conv2d_groups", (6, 6, 4), L.Conv2D(6, 3, groups=2, padding="same", activation=L.ReLU(6.0)))
layer("conv2d_first", (3, 8, 7), L.Conv2D(5, 3, padding="same", **FIRST), L.ReLU(), L.MaxPooling2D(2, **FIRST))
layer("conv1d", (12, 3), L.Conv1D(4, 3, strides=2, padding="same"), L.Conv1D(2, 2, activation="relu"))
layer("conv1d_causal", (10, 3), L.Conv1D(4, 3, dilation_rate=2, padding="causal"), L.Conv1D(4, 3, groups=2))
layer("conv1d_first", (3, 10), L.Conv1D(4, 3, strides=2, **FIRST))
layer("depthwise2d", (8, 8, 3), L.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2, activation="relu6"))
layer("depthwise1d", (9, 3), L.DepthwiseConv1D(3, dilation_rate=2, depth_multiplier=2, use_bias=False))
layer("separable2d", (8, 8, 3), L.SeparableConv2D(5, 3, padding="same", depth_multiplier=2, activation="elu"))
layer("separable1d", (9, 3), L.SeparableConv1D(4, 3, strides=2, padding="same"))
layer("transpose2d_same", (4, 5, 3), L.Conv2DTranspose(2, 3, strides=2, padding="same", activation="relu"))
layer("transpose2d_valid", (4, 5, 3), L.Conv2DTranspose(2, (3, 2), strides=(2, 3)))
layer("transpose2d_extra", (4, 4, 3), L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1))
layer("transpose2d_dilated", (5, 5, 2), L.Conv2DTranspose(3, 3, dilation_rate=2))
layer("transpose1d", (5, 3), L.Conv1DTranspose(2, 4, strides=2, padding="same"))

# Normalization.
layer("batch_norm", (6, 6, 4), L.BatchNormalization(epsilon=0.01, name="bn1"))
layer("batch_norm_bare", (5,), L.BatchNormalization(scale=False, center=False))
layer("batch_norm_frozen", (4, 5), L.BatchNormalization(trainable=False))
layer("batch_norm_first", (4, 6, 6), L.Conv2D(4, 3, **FIRST), L.BatchNormalization(axis=1), L.Conv2D(2, 1, **FIRST))
layer("layer_norm", (5, 4), L.LayerNormalization())
layer("layer_norm_axes", (3, 4, 5), L.LayerNormalization(axis=[2, 3], scale=False))
layer("group_norm", (4, 4, 6), L.GroupNormalization(groups=3))
layer("instance_norm", (4, 4, 6), L.GroupNormalization(groups=-1, center=False))
layer("unit_norm", (6,), L.UnitNormalization())
layer("standardize", (4, 3), L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0]))
layer("standardize_inverse", (4, 3), L.Normalization(mean=0.5, variance=2.0, axis=None, invert=True))
seen = L.Normalization()
seen.adapt(random.uniform(-1, 3, (20, 4)).astype(np.float32))
case("standardize_seen", keras.Sequential([keras.Input((4,)), seen, L.Dense(2)]), draw=False)
layer("rescaling", (4, 4, 3), L.Rescaling(1 / 127.5, offset=-1))
layer("rescaling_channels", (4, 4, 3), L.Rescaling([0.1, 0.2, 0.3], offset=[1, 2, 3]))

# Activations.
for function in (
    "relu relu6 leaky_relu elu selu celu sigmoid tanh hard_sigmoid hard_swish hard_silu hard_tanh swish gelu mish "
    "softplus softsign exponential log_sigmoid tanh_shrink log_softmax softmax linear"
).split():
    layer(f"activation_{function}", (6,), L.Dense(5, name="before"), L.Activation(function))
layer("relu_max", (8,), L.ReLU(max_value=1.5), L.ReLU(max_value=6))
layer("relu_slope", (8,), L.ReLU(negative_slope=0.1, max_value=1.0))
layer("relu_threshold", (8,), L.ReLU(threshold=0.5))
layer("leaky_relu", (8,), L.LeakyReLU(), L.LeakyReLU(negative_slope=0.6))
layer("prelu", (4, 4, 3), L.PReLU(), L.PReLU(shared_axes=[1, 2]))
layer("elu", (8,), L.ELU(), L.ELU(alpha=0.5), L.ELU(alpha=2.0))
layer("softmax", (4, 5), L.Softmax(), L.Softmax(axis=1))

# Pools.
layer("max_pool2d", (7, 7, 2), L.MaxPooling2D((3, 2), strides=2, padding="same"))
layer("average_pool2d", (7, 7, 2), L.AveragePooling2D(3, strides=1, padding="same"), L.AveragePooling2D(2))
layer("max_pool1d", (9, 2), L.MaxPooling1D(3, padding="same"))
layer("average_pool1d", (9, 2), L.AveragePooling1D(2, strides=1))
for kind in ("Average", "Max"):
    layer(f"global_{kind.lower()}2d", (5, 4, 3), getattr(L, f"Global{kind}Pooling2D")())
    layer(f"global_{kind.lower()}2d_kept", (5, 4, 3), getattr(L, f"Global{kind}Pooling2D")(keepdims=True))
    layer(f"global_{kind.lower()}1d", (5, 3), getattr(L, f"Global{kind}Pooling1D")())
layer("global_first", (3, 5, 4), L.GlobalAveragePooling2D(keepdims=True, **FIRST))

# Shapes.
layer("flatten", (3, 4, 2), L.Conv2D(2, 1), L.Flatten(), L.Dense(3))
layer("flatten_first", (2, 3, 4), L.Flatten(**FIRST))
layer("reshape", (12,), L.Reshape((3, -1)), L.Permute((2, 1)), L.Reshape((2, 2, 3)), L.Permute((3, 1, 2)))
layer("repeat", (3,), L.RepeatVector(4))
layer("padding", (4, 5, 2), L.ZeroPadding2D(((1, 2), (0, 3))), L.Cropping2D(((0, 1), (1, 1))), L.ZeroPadding2D(1))
layer("padding_first", (2, 4, 5), L.ZeroPadding2D((1, 2), **FIRST), L.Cropping2D(1, **FIRST))
layer("padding1d", (6, 2), L.ZeroPadding1D((1, 2)), L.Cropping1D(1), L.ZeroPadding1D(2))
layer("upsampling", (3, 4, 2), L.UpSampling2D((2, 3)), L.UpSampling2D(2, interpolation="bilinear"))
layer("upsampling1d", (3, 2), L.UpSampling1D(3))
layer("resizing", (7, 5, 2), L.Resizing(4, 9), L.Resizing(11, 6, interpolation="nearest"))
layer("center_crop", (7, 6, 2), L.CenterCrop(4, 3))
layer("training_only", (4, 4, 2), L.Dropout(0.5), L.GaussianNoise(0.1), L.Conv2D(2, 1), L.SpatialDropout2D(0.2),
      L.RandomFlip(), L.ActivityRegularization(0.1), L.GaussianDropout(0.1), L.Conv2D(3, 2))

# Several operands.
for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
    graph(f"merge_{kind.lower()}", [(3, 4), (3, 4)], lambda a, b: getattr(L, kind)()([a, b]))
graph("merge_three", [(4,), (4,), (4,)], lambda a, b, c: [L.Add()([a, b, c]), L.Average()([a, b, c])])
graph("merge_ranks", [(4,), (3, 4)], lambda a, b: L.Multiply()([a, b]))
graph("concatenate", [(3, 4), (3, 2), (1, 4)], lambda a, b, c: [L.Concatenate()([a, b]), L.Concatenate(axis=1)([a, c])])
graph("dot", [(4,), (4,)], lambda a, b: [L.Dot(1)([a, b]), L.Dot(-1, normalize=True)([a, b])])
graph("dot_matrices", [(3, 4), (5, 4)], lambda a, b: L.Dot((2, 2))([a, b]))

# Sequences.
embedding = keras.Sequential([keras.Input((5,), dtype="int32"), L.Embedding(7, 3), L.Flatten(), L.Dense(2)])
case("embedding", embedding, [random.integers(0, 7, (2, 5)).astype(np.int32)])
embedding = keras.Sequential([keras.Input((5,)), L.Embedding(7, 3)])
case("embedding_floats", embedding, [random.integers(0, 7, (2, 5)).astype(np.float32)])
layer("time_distributed", (4, 5), L.TimeDistributed(L.Dense(3, activation="relu")))
layer("time_distributed_conv", (3, 6, 6, 2), L.TimeDistributed(L.Conv2D(3, 3)), L.TimeDistributed(L.Flatten()))
layer("simple_rnn", (4, 3), L.SimpleRNN(5, return_sequences=True), L.SimpleRNN(2, use_bias=False))
layer("lstm", (5, 3), L.LSTM(4, return_sequences=True), L.LSTM(3, recurrent_activation="hard_sigmoid"))
layer("lstm_backwards", (4, 3), L.LSTM(4, go_backwards=True, return_sequences=True))
layer("gru", (5, 3), L.GRU(4, return_sequences=True), L.GRU(3, reset_after=False))
layer("gru_bare", (4, 3), L.GRU(4, use_bias=False))
graph("lstm_state", [(4, 3)], lambda x: L.LSTM(4, return_state=True)(x))
for mode in ("concat", "sum", "ave"):
    layer(f"bidirectional_{mode}", (4, 3), L.Bidirectional(L.LSTM(2, return_sequences=True), merge_mode=mode))
layer("bidirectional_last", (4, 3), L.Bidirectional(L.GRU(2)))


# Graphs: shared layers, inner models, several inputs and outputs.
def shared(a, b):
    dense = L.Dense(4, activation="relu", name="shared")
    return L.Concatenate()([dense(a), dense(b)]), dense(L.Subtract()([a, b]))


graph("shared_layer", [(4,), (4,)], shared)


def block_of(name):
    layers = [L.Dense(4, activation="tanh"), L.BatchNormalization(), L.Dense(4)]
    return keras.Sequential([keras.Input((4,)), *layers], name=name)


def inner(x):
    block, deeper = block_of("block"), block_of("deeper")
    first = keras.Input((4,))
    second = keras.Input((4,))
    merged = L.Add()([deeper(first), second])
    pair = keras.Model([first, second], [merged, L.Dense(2)(merged)], name="pair")
    y, z = pair([x, block(x)])
    return [L.Concatenate()([y, z]), block(y), *pair([y, x])]


graph("inner_models", [(4,)], inner)


def frozen(x):
    block = keras.Sequential([keras.Input((4,)), L.BatchNormalization(), L.Dense(4), L.BatchNormalization()])
    block.trainable = False
    half = keras.Sequential([keras.Input((4,)), L.Dense(4, trainable=False), L.BatchNormalization(), L.Dense(3)])
    return half(block(x))


graph("frozen_models", [(4,)], frozen)
graph("residual", [(8, 8, 3)], lambda x: L.Add()([x, L.Conv2D(3, 3, padding="same", activation="swish")(x)]))

# Functions of keras.ops, by operator and by name.
graph("arithmetic", [(3, 4), (3, 4)], lambda a, b: ((a + b * 2.0 - 1) / 3, 1.0 - a, -b, a * b, abs(a), 1 / (b * b + 1)))
graph("items", [(4, 5, 6)], lambda x: (x[:, 1], x[:, ::2, 1:-1], x[..., 2], x[:, 3:0:-1], x[:, :, None]))
graph(
    "reductions",
    [(3, 4, 5)],
    lambda x: (ops.mean(x, axis=(1, 2)), ops.max(x, axis=-1, keepdims=True), ops.sum(x, axis=2), ops.min(x, axis=1)),
)
graph(
    "rearranged",
    [(3, 4)],
    lambda x: (
        ops.reshape(x, (-1, 2, 6)),
        ops.transpose(x, (0, 2, 1)),
        ops.squeeze(ops.expand_dims(x, 2), 2),
        ops.concatenate([x, x], axis=1),
        ops.stack([x, x], axis=-1),
        *ops.split(x, 2, axis=2),
        ops.flip(x, axis=1),
    ),
)
graph(
    "functions",
    [(6,)],
    lambda x: (
        ops.relu(x),
        ops.sigmoid(x),
        ops.softmax(x),
        ops.silu(x),
        ops.gelu(x),
        ops.leaky_relu(x),
        ops.clip(x, -0.5, 0.5),
        ops.exp(x),
        ops.sqrt(ops.abs(x)),
        ops.square(x),
        ops.power(ops.abs(x), 1.5),
        ops.maximum(x, 0.25),
        ops.tanh(x),
        ops.hard_sigmoid(x),
    ),
)

graph(
    "truth",
    [(3, 4), (1, 4)],
    lambda a, b: (
        *(ops.cast(each(a, b), "float32") for each in (ops.equal, ops.not_equal, ops.less, ops.less_equal)),
        *(ops.cast(each(a, 0.25), "float32") for each in (ops.greater, ops.greater_equal)),
        ops.cast(ops.equal(ops.cast(a, "int32"), 1), "float32"),
        ops.cast(ops.logical_and(a > 0, b < 0.5), "float32"),
        ops.cast(ops.logical_or(a > 0, ops.logical_not(b < 0.5)), "float32"),
        ops.where(a > b, a, b),
        ops.where(ops.greater(b, 0), a * 2.0, 0.5),
    ),
)

# Whole networks, in small.
def application(name, build, **options):
    model = build(weights=None, classes=10, **options)
    for weight in model.weights:
        if "kernel" not in weight.path:
            low, high = (0.5, 1.5) if "variance" in weight.path or "gamma" in weight.path else (-0.3, 0.3)
            weight.assign(random.uniform(low, high, weight.shape).astype(np.float32))
    case(name, model, draw=False)


keras.utils.set_random_seed(7)
application("mobilenet_v2", keras.applications.MobileNetV2, input_shape=(64, 64, 3), alpha=0.35)
application("mobilenet_v3", keras.applications.MobileNetV3Small, input_shape=(64, 64, 3), alpha=0.75)
application("efficientnet_b0", keras.applications.EfficientNetB0, input_shape=(32, 32, 3))

(folder / "cases.json").write_text(json.dumps(cases))
