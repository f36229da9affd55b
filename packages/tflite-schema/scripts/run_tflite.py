"""Runs .tflite models in the runtimes that judge them.

Reads a JSON list of jobs from standard input, each {"runtime": "tflm" | "litert", "model": base64, "inputs": [base64, ...]},
and prints a JSON list: for each job the outputs as a list of base64 strings, or {"error": text}.
"""

import base64
import json
import os
import sys

import numpy as np


def run_tflm(model, inputs):
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_bytes(model, arena_size=4 << 20)
    for index, data in enumerate(inputs):
        details = interpreter.get_input_details(index)
        interpreter.set_input(np.frombuffer(data, details["dtype"]).reshape(details["shape"]), index)
    interpreter.invoke()
    outputs = []
    while True:
        try:
            outputs.append(interpreter.get_output(len(outputs)))
        except Exception:
            return outputs


def run_litert(model, inputs):
    from ai_edge_litert import interpreter as litert

    interpreter = litert.Interpreter(model_content=model)
    interpreter.allocate_tensors()
    for details, data in zip(interpreter.get_input_details(), inputs, strict=True):
        value = np.frombuffer(data, details["dtype"]).reshape(details["shape"])
        interpreter.set_tensor(details["index"], value)
    interpreter.invoke()
    return [interpreter.get_tensor(details["index"]) for details in interpreter.get_output_details()]


def run(job):
    decode = base64.b64decode
    runner = {"tflm": run_tflm, "litert": run_litert}[job["runtime"]]
    try:
        outputs = runner(decode(job["model"]), [decode(data) for data in job["inputs"]])
    except Exception as error:
        return {"error": str(error)}
    return [base64.b64encode(np.ascontiguousarray(output).tobytes()).decode() for output in outputs]


# The runtimes log to standard output: what they say goes where their errors go.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
json.dump([run(job) for job in json.load(sys.stdin)], answers)
answers.close()
