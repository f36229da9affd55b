"""
Reads a .tflite file with the object API that LiteRT's schema gives Python and writes it again, ROUNDS times; prints the seconds of
each: read_write_tflite.py IN OUT ROUNDS
"""

import sys
import time

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

path, out, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
for _ in range(rounds):
    start = time.perf_counter()
    with open(path, "rb") as file:
        data = file.read()
    model = schema.ModelT.InitFromPackedBuf(data, 0)
    builder = flatbuffers.Builder(len(data))
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    with open(out, "wb") as file:
        file.write(builder.Output())
    print(time.perf_counter() - start)
