"""Unpacks from a tensorflow-cpu wheel what a native binding needs, and nothing else.

usage: unpack_tensorflow.py WHEEL DEST SOURCE...

DEST/lib      the two shared libraries
DEST/include  the headers that the C++ sources include, directly or through one another

A wheel is a zip of 13,000 headers and over a gigabyte; this reads some 20 of its members.
"""

import pathlib
import re
import shutil
import sys
import zipfile

LIBRARIES = {
    "tensorflow/libtensorflow_cc.so.2": "libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2": "libtensorflow_framework.so.2",
}
INCLUDE_ROOT = "tensorflow/include/"
INCLUDE = re.compile(rb'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def unpack_member(wheel, member, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with wheel.open(member) as source, open(target, "wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)


def needed_headers(wheel, sources):
    """Members of the wheel that the sources include, followed transitively."""
    available = set(wheel.namelist())
    found = set()
    texts = [pathlib.Path(source).read_bytes() for source in sources]
    while texts:
        for name in INCLUDE.findall(texts.pop()):
            member = INCLUDE_ROOT + name.decode()
            if member in available and member not in found:
                found.add(member)
                texts.append(wheel.read(member))
    return sorted(found)


def main(wheel_path, destination, sources):
    destination = pathlib.Path(destination)
    with zipfile.ZipFile(wheel_path) as wheel:
        for member, name in LIBRARIES.items():
            unpack_member(wheel, member, destination / "lib" / name)
        for member in needed_headers(wheel, sources):
            unpack_member(wheel, member, destination / "include" / member[len(INCLUDE_ROOT) :])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
