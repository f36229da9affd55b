"""Loads a Keras model, ROUNDS times; prints the seconds of each: load_keras.py IN ROUNDS"""

import sys
import time

import keras

for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    keras.models.load_model(sys.argv[1], compile=False)
    print(time.perf_counter() - start)
