"""Trains a network of the bench `train` with Keras on TensorFlow: for each line of input, the milliseconds of a step
and its processor time.

usage: train_keras.py WORK BATCH

Each line says how many steps to time; the first steps of all, which compile, are done before.
"""

import os
import sys
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy  # noqa: E402
from keras import layers  # noqa: E402


def conv_bn(x, filters, size, strides=1):
    x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9)(x)


def resnet20():
    x = inputs = layers.Input((32, 32, 3))
    x = layers.ReLU()(conv_bn(x, 16, 3))
    for stage in range(3):
        for block in range(3):
            filters = 16 << stage
            strides = 2 if stage > 0 and block == 0 else 1
            branch = layers.ReLU()(conv_bn(x, filters, 3, strides))
            branch = conv_bn(branch, filters, 3)
            shortcut = x if strides == 1 else layers.Conv2D(filters, 1, strides, padding="same")(x)
            x = layers.ReLU()(layers.Add()([shortcut, branch]))
    return inputs, x, 10


def separable(x, filters, strides, limit):
    x = layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False)(x)
    x = layers.ReLU(limit)(layers.BatchNormalization(momentum=0.9)(x))
    return layers.ReLU(limit)(conv_bn(x, filters, 1))


def mobilenet():
    x = inputs = layers.Input((96, 96, 3))
    x = layers.ReLU(6)(conv_bn(x, 8, 3, 2))
    widths = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), *[(128, 1)] * 5, (256, 2), (256, 1)]
    for filters, strides in widths:
        x = separable(x, filters, strides, 6)
    return inputs, x, 2


def ds_cnn():
    x = inputs = layers.Input((49, 10, 1))
    x = layers.ReLU()(conv_bn(x, 64, (10, 4), 2))
    for _ in range(4):
        x = separable(x, 64, 1, None)
    return inputs, x, 12


def main(work, batch):
    networks = {"resnet20": resnet20, "mobilenet-v1-0.25": mobilenet, "ds-cnn": ds_cnn}
    inputs, features, classes = networks[work]()
    outputs = layers.Dense(classes)(layers.GlobalAveragePooling2D()(features))
    model = keras.Model(inputs, outputs)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9), loss)
    draw = numpy.random.default_rng(1)
    x = draw.random((batch, *inputs.shape[1:]), numpy.float32)
    y = draw.integers(0, classes, batch)
    for _ in range(3):
        model.train_on_batch(x, y)
    print("ready", flush=True)
    for line in sys.stdin:
        steps = int(line)
        start, used = time.perf_counter(), time.process_time()
        for _ in range(steps):
            model.train_on_batch(x, y)
        taken = (time.perf_counter() - start, time.process_time() - used)
        print(*(1000 * seconds / steps for seconds in taken), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
