"""Runs model files in their own runtimes for as long as standard input stays open.

A request is one line of JSON and the bytes that it announces:

    {"runtime": "tflm" | "litert" | "keras" | "onnxruntime", "resolver": "xnnpack" | "builtin" | "reference",
     "path": text, "modelBytes": n, "dataBytes": n, "inputs": [{"dtype": name, "shape": [...]}, ...],
     "outputs": count, "inferences": count}

followed by the model and, for each inference, its inputs one after the other, row-major and little-endian. With a path the
model is read from there and modelBytes is 0. Only tflm needs the number of outputs, only litert the resolver. The answer
is one line, {"outputs": [{"dtype": name, "shape": [...]}, ...], "bytes": n}, followed by the outputs of all inferences; or
{"error": text}. Before it, now and then, comes a line {"done": n} with the number of inferences so far.
"""

import json
import math
import os
import pathlib
import signal
import sys
import tempfile
import time

import numpy as np

# Pages are taken when they are written, so a large arena costs nothing.
TFLM_ARENA_BYTES = 256 << 20

SECONDS_BETWEEN_REPORTS = 0.2


class Tflm:
    def __init__(self, model, request):
        from tflite_micro.python.tflite_micro import runtime

        self.interpreter = runtime.Interpreter.from_bytes(model, arena_size=TFLM_ARENA_BYTES)
        self.outputs = range(request["outputs"])

    def infer(self, inputs):
        for index, value in enumerate(inputs):
            self.interpreter.set_input(value, index)
        self.interpreter.invoke()
        return [self.interpreter.get_output(index) for index in self.outputs]


class LiteRt:
    def __init__(self, model, request):
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        resolvers = {
            "xnnpack": OpResolverType.BUILTIN,
            "builtin": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            "reference": OpResolverType.BUILTIN_REF,
        }
        self.interpreter = Interpreter(
            model_content=model, num_threads=1, experimental_op_resolver_type=resolvers[request.get("resolver") or "xnnpack"]
        )
        details = self.interpreter.get_input_details()
        for each, wanted in zip(details, request["inputs"], strict=True):
            if list(each["shape"]) != wanted["shape"]:
                self.interpreter.resize_tensor_input(each["index"], wanted["shape"])
        self.interpreter.allocate_tensors()
        self.inputs = [each["index"] for each in details]
        self.outputs = [details["index"] for details in self.interpreter.get_output_details()]

    def infer(self, inputs):
        for index, value in zip(self.inputs, inputs, strict=True):
            self.interpreter.set_tensor(index, value)
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(index) for index in self.outputs]


class Keras:
    """Keras 3, which reads .keras, and the .h5 files of all versions since 2."""

    def __init__(self, model, _request):
        import keras

        self.flatten = keras.tree.flatten
        ending = ".keras" if model[:2] == b"PK" else ".h5"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model" + ending)
            path.write_bytes(model)
            self.model = keras.saving.load_model(path, compile=False)

    def infer(self, inputs):
        return self.flatten(self.model.predict_on_batch(inputs if len(inputs) > 1 else inputs[0]))


class OnnxRuntime:
    def __init__(self, model, request):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        # From a path, tensors may lie in files beside the model's.
        self.session = onnxruntime.InferenceSession(
            request.get("path") or model, options, providers=["CPUExecutionProvider"]
        )
        self.names = [each.name for each in self.session.get_inputs()]

    def infer(self, inputs):
        return self.session.run(None, dict(zip(self.names, inputs, strict=True)))


RUNTIMES = {"tflm": Tflm, "litert": LiteRt, "keras": Keras, "onnxruntime": OnnxRuntime}


class Reader:
    """Takes tensors off a buffer, from front to back."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, dtype, shape):
        count = math.prod(shape)
        value = np.frombuffer(self.data, dtype, count, self.at).reshape(shape)
        self.at += value.nbytes
        return value


class Reports:
    """Says how many inferences are complete, a few times a second."""

    def __init__(self, answers):
        self.answers = answers
        self.last = time.monotonic()

    def __call__(self, done):
        now = time.monotonic()
        if now - self.last >= SECONDS_BETWEEN_REPORTS:
            self.last = now
            send(self.answers, {"done": done})


def run(request, model, data, report):
    if path := request.get("path"):
        model = pathlib.Path(path).read_bytes()
    runtime = RUNTIMES[request["runtime"]](model, request)
    types = [(np.dtype(each["dtype"]), each["shape"]) for each in request["inputs"]]
    reader = Reader(data)
    results = []
    for _ in range(request["inferences"]):
        outputs = runtime.infer([reader.take(dtype, shape) for dtype, shape in types])
        results.append([np.array(output) for output in outputs])
        report(len(results))
    described = [{"dtype": str(value.dtype), "shape": list(value.shape)} for value in results[0]]
    return described, b"".join(value.tobytes() for outputs in results for value in outputs)


def answer(request, model, data, report):
    try:
        outputs, payload = run(request, model, data, report)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}, b""
    return {"outputs": outputs, "bytes": len(payload)}, payload


def send(answers, header, payload=b""):
    answers.write(json.dumps(header).encode() + b"\n" + payload)
    answers.flush()


def serve(requests, answers):
    while line := requests.readline():
        request = json.loads(line)
        model = requests.read(request["modelBytes"])
        data = requests.read(request["dataBytes"])
        send(answers, *answer(request, model, data, Reports(answers)))


# Ctrl-C reaches every process of a terminal; the one that asks decides when this one ends.
signal.signal(signal.SIGINT, signal.SIG_IGN)
# The runtimes themselves log to standard output: what they say there goes to standard error.
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
try:
    serve(sys.stdin.buffer, answers)
except BrokenPipeError:
    os._exit(0)
