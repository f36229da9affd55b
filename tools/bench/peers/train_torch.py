"""Trains a network of the bench `train` with PyTorch: for each line of input, the milliseconds of a step
and its processor time.

usage: train_torch.py WORK BATCH THREADS

Channels last. Strided convolutions are padded on all sides where the others pad at the end: as much work. Each line says
how many steps to time; the first steps of all are done before.
"""

import sys
import time

import torch
from torch import nn


def conv_bn(inputs, filters, size, strides=1, groups=1):
    padding = (size - 1) // 2 if isinstance(size, int) else (size[0] // 2, size[1] // 2)
    conv = nn.Conv2d(inputs, filters, size, strides, padding, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(filters, eps=1e-3)]


class Residual(nn.Module):
    def __init__(self, inputs, filters, strides):
        super().__init__()
        first = conv_bn(inputs, filters, 3, strides)
        self.branch = nn.Sequential(*first, nn.ReLU(inplace=True), *conv_bn(filters, filters, 3))
        self.shortcut = nn.Identity() if strides == 1 else nn.Conv2d(inputs, filters, 1, strides)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.shortcut(x) + self.branch(x))


def resnet20():
    modules = [*conv_bn(3, 16, 3), nn.ReLU(inplace=True)]
    width = 16
    for stage in range(3):
        for block in range(3):
            filters = 16 << stage
            modules.append(Residual(width, filters, 2 if stage > 0 and block == 0 else 1))
            width = filters
    return modules, (3, 32, 32), width, 10


def separable(inputs, filters, strides, activation):
    return [
        *conv_bn(inputs, inputs, 3, strides, groups=inputs),
        activation(inplace=True),
        *conv_bn(inputs, filters, 1),
        activation(inplace=True),
    ]


def mobilenet():
    modules = [*conv_bn(3, 8, 3, 2), nn.ReLU6(inplace=True)]
    width = 8
    widths = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), *[(128, 1)] * 5, (256, 2), (256, 1)]
    for filters, strides in widths:
        modules += separable(width, filters, strides, nn.ReLU6)
        width = filters
    return modules, (3, 96, 96), width, 2


def ds_cnn():
    # A kernel of even size is padded by one more in front, where 'same' pads by one more at the end.
    modules = [nn.ZeroPad2d((1, 1, 4, 5)), nn.Conv2d(1, 64, (10, 4), 2, bias=False), nn.BatchNorm2d(64, eps=1e-3)]
    modules.append(nn.ReLU(inplace=True))
    for _ in range(4):
        modules += separable(64, 64, 1, nn.ReLU)
    return modules, (1, 49, 10), 64, 12


def main(work, batch, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    networks = {"resnet20": resnet20, "mobilenet-v1-0.25": mobilenet, "ds-cnn": ds_cnn}
    modules, shape, width, classes = networks[work]()
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, classes)]
    model = nn.Sequential(*modules, *head).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    loss = nn.CrossEntropyLoss()
    x = torch.rand(batch, *shape).contiguous(memory_format=torch.channels_last)
    y = torch.randint(0, classes, (batch,))

    def step():
        optimizer.zero_grad()
        value = loss(model(x), y)
        value.backward()
        optimizer.step()
        return value.item()

    for _ in range(3):
        step()
    print("ready", flush=True)
    for line in sys.stdin:
        steps = int(line)
        start, used = time.perf_counter(), time.process_time()
        for _ in range(steps):
            step()
        taken = (time.perf_counter() - start, time.process_time() - used)
        print(*(1000 * seconds / steps for seconds in taken), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
