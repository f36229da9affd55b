"""Milliseconds that Torch-Pruning takes for networks of TorchVision, round by round, as JSON.

python prune_networks.py NETWORK ...: half of all channels by one global threshold over the scales of batch norms. Timed are the
dependency graph (made with the pruner) and the pruning; building the network isn't.
"""

import json
import sys
import time

import torch
import torch_pruning as tp
import torchvision.models as models

ROUNDS = 3
NETWORKS = {
    "resnet50": (models.resnet50, lambda net: [net.fc]),
    "vgg19": (models.vgg19_bn, lambda net: [net.classifier[6]]),
    "mobilenetv2": (models.mobilenet_v2, lambda net: [net.classifier[1]]),
    "densenet121": (models.densenet121, lambda net: [net.classifier]),
}


def prune(name):
    build, ignored = NETWORKS[name]
    net = build(weights=None).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, -1, 1)
            torch.nn.init.uniform_(module.bias, -1, 1)
    before = sum(parameter.numel() for parameter in net.parameters())
    example = torch.zeros(1, 3, 224, 224)
    start = time.perf_counter()
    pruner = tp.pruner.BNScalePruner(
        net,
        example,
        importance=tp.importance.BNScaleImportance(),
        global_pruning=True,
        pruning_ratio=0.5,
        ignored_layers=ignored(net),
    )
    pruner.step()
    took = 1000 * (time.perf_counter() - start)
    if sum(parameter.numel() for parameter in net.parameters()) >= before:
        raise RuntimeError(f"{name} is as large as before")
    return took


torch.manual_seed(1)
print(json.dumps({name: [prune(name) for _ in range(ROUNDS)] for name in sys.argv[1:]}))
