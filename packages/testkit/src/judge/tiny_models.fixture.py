"""Writes dense.keras and dense.h5, x times 2 plus y, and sum.onnx, x plus y twice, to a folder."""

import pathlib
import sys

import keras
import numpy as np
import onnx
from onnx import TensorProto, helper

folder = pathlib.Path(sys.argv[1])

x, y = keras.Input((2,), name="x"), keras.Input((3,), name="y")
dense = keras.layers.Dense(3, use_bias=False)
model = keras.Model([x, y], [keras.layers.add([dense(x), y])])
dense.set_weights([np.full((2, 3), 2, np.float32)])
for ending in ("keras", "h5"):
    model.save(folder / f"dense.{ending}")

nodes = [helper.make_node("Add", ["x", "y"], ["sum"]), helper.make_node("Identity", ["sum"], ["copy"])]
types = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in ("x", "y", "sum", "copy")}
graph = helper.make_graph(nodes, "sum", [types["x"], types["y"]], [types["sum"], types["copy"]])
onnx.save(
    helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "sum.onnx"
)
print("written")
