"""Saves Keras' MobileNetV2 (1.0, 224 x 224, 1000 classes) with weights drawn from a seed: make_mobilenet_v2.py OUT.h5"""

import sys

import keras

keras.utils.set_random_seed(1)
model = keras.applications.MobileNetV2(weights=None)
# Statistics as a trained network has them, not zero and one.
for layer in model.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        gamma, beta, mean, variance = layer.get_weights()
        draw = keras.random.uniform(gamma.shape, 0.5, 1.5)
        layer.set_weights([gamma * draw, beta + 0.1, mean + 0.1, variance * draw])
model.save(sys.argv[1])
