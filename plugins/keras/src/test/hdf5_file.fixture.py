"""Writes an HDF5 file with the kinds of data sets, groups and attributes that are read, and one of the newest layout.

usage: hdf5_file.fixture.py FOLDER
"""

import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
values = np.arange(7 * 5 * 3).reshape(7, 5, 3)


def fill(file):
    file.attrs["text"] = "größer"
    file.attrs["fixed"] = np.bytes_(b"four")
    file.attrs["names"] = [b"one", b"three", b"five"]
    file.attrs["texts"] = ["a" * 300, "b", ""]
    file.attrs["none"] = np.zeros(0)
    file.attrs["number"] = 3
    for part in range(3):
        file.attrs[f"long{part}"] = [f"{part}{i:03}".encode() for i in range(2000)]
    group = file.create_group("types")
    for dtype in ("f2", "f4", "f8", "i1", "u2", "i4", "i8", "u8"):
        group[dtype] = values.astype(dtype)
    group[">f4"] = values.astype(">f4")
    group["scalar"] = np.float32(2.5)
    group["empty"] = np.zeros((0, 3), "f4")
    group.create_dataset("unwritten", (2, 3), "f4")
    chunked = file.create_group("chunked")
    chunked.create_dataset("plain", data=values.astype("f4"), chunks=(2, 2, 2))
    chunked.create_dataset("packed", data=values.astype("f4"), chunks=(3, 5, 2), compression="gzip", shuffle=True)
    chunked.create_dataset("checked", data=values.astype("i2"), chunks=(4, 3, 3), fletcher32=True, compression="gzip")
    many = file.create_group("many")
    for i in range(300):
        many.create_group(f"group{i}").create_dataset("value", data=np.float32(i))
    file["soft"] = h5py.SoftLink("/types")
    file["outside"] = h5py.ExternalLink("/etc/passwd", "/")


with h5py.File(folder / "early.h5", "w", libver="earliest") as file:
    fill(file)
with h5py.File(folder / "middle.h5", "w", libver=("v108", "v108")) as file:
    file.attrs["text"] = "small"
    file.create_group("types")["f4"] = values.astype("f4")
with h5py.File(folder / "latest.h5", "w", libver="latest") as file:
    file.create_dataset("chunked", data=values, chunks=(2, 2, 2))
