"""Writes the files of Keras 2 that tests read, with what Keras computes: run by hand with TensorFlow 2.15. Archives are
packed again, deflated, to be small.

usage: legacy_models.py FOLDER
"""

import json
import pathlib
import sys
import zipfile

import numpy as np
import tensorflow as tf
from tensorflow import keras

L = keras.layers
folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(3)
cases = []


def deflate(path):
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def case(name, model, endings):
    for weight in model.weights:
        low, high = (0.5, 1.5) if "variance" in weight.name else (-0.5, 0.5)
        weight.assign(random.uniform(low, high, weight.shape))
    inputs = [random.uniform(-2, 2, (2, *each.shape[1:])).astype(np.float32) for each in model.inputs]
    outputs = tf.nest.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    for ending in endings:
        model.save(folder / f"{name}.{ending}")
        if ending == "keras":
            deflate(folder / f"{name}.keras")
    describe = lambda value: {
        "dtype": "float32",
        "shape": list(value.shape),
        "data": [float(f"{each:.8g}") for each in np.asarray(value).ravel()],
    }
    cases.append(
        {
            "files": [f"{name}.{ending}" for ending in endings],
            "inputs": [describe(x) for x in inputs],
            "outputs": [describe(y) for y in outputs],
        }
    )


BOTH = ("h5", "keras")

case(
    "sequential",
    keras.Sequential(
        [
            L.Conv2D(3, 3, padding="same", activation="relu", input_shape=(6, 6, 2), name="conv1"),
            L.BatchNormalization(name="bn1"),
            L.SeparableConv2D(4, 3, strides=2, padding="same", activation="hard_sigmoid"),
            L.DepthwiseConv2D(2, activation="swish"),
            L.LeakyReLU(0.2),
            L.Flatten(),
            L.Dropout(0.5),
            L.Dense(3, activation="softmax"),
        ]
    ),
    BOTH,
)

x = keras.Input((4,), name="x")
y = keras.Input((4,), name="y")
block = keras.Sequential(
    [L.Dense(4, input_shape=(4,), trainable=False), L.BatchNormalization(), L.Dense(4)], name="block"
)
shared = L.Dense(3, activation="tanh", name="shared")
a, b = keras.Input((4,)), keras.Input((4,))
pair = keras.Model([a, b], [L.add([a, b]), L.Dense(3)(b)], name="pair")
p, q = pair([block(x), y])
merged = L.concatenate([shared(p), shared(y), q])
case("functional", keras.Model([x, y], [merged, L.multiply([block(p), x])]), BOTH)

x = keras.Input((4, 6), name="x")
z = tf.nn.relu(x * 2.0 + 1.0) - x
z = tf.concat([z, tf.math.sigmoid(x)], axis=-1)
z = tf.reshape(z, [-1, 2, 24]) / 3.0
z = 1.0 - z[:, :, 2:20:3]
z = tf.reduce_mean(tf.transpose(z, [0, 2, 1]), axis=1, keepdims=True)
case("tensorflow_functions", keras.Model(x, [z, tf.expand_dims(tf.squeeze(z, 1), 2), tf.clip_by_value(x, -1, 1)]), BOTH)

x = keras.Input((4, 3), name="x")
s = L.Bidirectional(L.LSTM(2, return_sequences=True))(x)
s = L.TimeDistributed(L.Dense(3))(s)
case("recurrent", keras.Model(x, [L.GRU(2)(s), L.LSTM(2, recurrent_activation="hard_sigmoid")(s)]), BOTH)

(folder / "cases.json").write_text(json.dumps(cases) + "\n")
