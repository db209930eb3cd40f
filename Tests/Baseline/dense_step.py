#!/usr/bin/env python3
"""Times a SPIDE training step as a dense program takes it: every unit times every weight, at every time step.

    pip install torch
    python3 dense_step.py mnist-lenet 128 5      # network, batch, steps that are timed (their median, after one more)

Prints milliseconds a sample, to compare with `spide-tui bench` on the same machine. Inputs and weights are random: how
long a dense product takes does not depend on them.
"""

import statistics
import sys
import time

import torch
import torch.nn.functional as F

V_FORWARD, V_BACKWARD = 2.0, 1.0  # what a spike takes off: threshold minus reset, of 1 and 0.5
THRESHOLD, BACKWARD_THRESHOLD = 1.0, 0.5


class Conv:
    def __init__(self, inputs, outputs, kernel, stride, padding):
        deviation = (2 / (inputs * kernel**2)) ** 0.5
        self.weight = torch.randn(outputs, inputs, kernel, kernel) * deviation
        self.options = dict(stride=stride, padding=padding)

    def forward(self, x, weight=None):
        return F.conv2d(x, self.weight if weight is None else weight, **self.options)

    def back(self, y, like):
        extra = self.options["stride"] - 1
        return F.conv_transpose2d(y, self.weight, output_padding=extra, **self.options)


class ConvTransposed(Conv):
    """From `inputs` to `outputs` channels, twice as high and wide."""

    def __init__(self, inputs, outputs, kernel):
        super().__init__(outputs, inputs, kernel, 2, 1)

    def forward(self, x, weight=None):
        weight = self.weight if weight is None else weight
        return F.conv_transpose2d(x, weight, output_padding=1, **self.options)

    def back(self, y, like):
        return F.conv2d(y, self.weight, **self.options)


class Dense:
    def __init__(self, inputs, outputs):
        self.weight = torch.randn(outputs, inputs) * (2 / inputs) ** 0.5

    def forward(self, x, weight=None):
        return F.linear(x.flatten(1), self.weight if weight is None else weight)

    def back(self, y, like):
        return (y @ self.weight).reshape(like.shape)


class Pool:
    weight = None

    def forward(self, x):
        return F.avg_pool2d(x, 2)

    def back(self, y, like):
        return F.interpolate(y, scale_factor=2) / 4


# Input shape, backward steps, loss scale; the input's link, the links of the layers, the feedback, units of the last layer.
NETWORKS = {
    "mnist-lenet": lambda: (
        (1, 28, 28), 100, 100, Conv(1, 15, 5, 1, 2),
        [Pool(), Conv(15, 40, 5, 1, 2), Pool(), Dense(1960, 300)], None, 300),
    "mnist-convnet-f": lambda: (
        (1, 28, 28), 100, 100, Conv(1, 64, 5, 2, 2),
        [Conv(64, 64, 5, 2, 2), Conv(64, 64, 5, 1, 2)], ConvTransposed(64, 64, 3), 64 * 49),
    "cifar10-alexnet-f": lambda: (
        (3, 32, 32), 250, 400, Conv(3, 96, 3, 2, 1),
        [Conv(96, 256, 3, 1, 1), Conv(256, 384, 3, 2, 1), Conv(384, 384, 3, 1, 1),
         Conv(384, 256, 3, 1, 1)], ConvTransposed(256, 96, 3), 256 * 64),
}


def training_step(network, readout, batch, forward_steps=30):
    shape, backward_steps, loss_scale, first, links, feedback, _ = network
    x, labels = torch.randn(batch, *shape), torch.randint(10, (batch,))
    last = len(links)

    drive = first.forward(x)
    potentials, spikes, counts = [0.0] * (last + 1), [None] * (last + 1), [0.0] * (last + 1)
    for step in range(forward_steps):
        for layer in range(last + 1):
            if layer > 0:
                current = links[layer - 1].forward(spikes[layer - 1])
            else:
                current = drive + feedback.forward(spikes[last]) if feedback and step else drive
            h = potentials[layer] + current
            spikes[layer] = (h >= THRESHOLD).float()
            potentials[layer] = h - V_FORWARD * spikes[layer]
            counts[layer] = counts[layer] + spikes[layer]
    rates = [count / forward_steps for count in counts]
    gates = [((rate > 0) & (rate < 1)).float() for rate in rates]

    error = F.linear(rates[last].flatten(1), readout).softmax(1)
    error[torch.arange(batch), labels] -= 1
    g = ((error * loss_scale / batch) @ readout).reshape(rates[last].shape)

    potentials, spikes, counts = [0.0] * (last + 1), [None] * (last + 1), [0.0] * (last + 1)
    factor = V_BACKWARD / V_FORWARD
    for step in range(backward_steps):
        for layer in range(last, -1, -1):
            if layer < last:
                sent = spikes[layer + 1] * gates[layer + 1]
                current = factor * links[layer].back(sent, rates[layer])
            else:
                current = g
                if feedback and step:
                    current = g + factor * feedback.back(spikes[0] * gates[0], rates[last])
            h = potentials[layer] + current
            spikes[layer] = (h >= BACKWARD_THRESHOLD).float() - (h <= -BACKWARD_THRESHOLD).float()
            potentials[layer] = h - V_BACKWARD * spikes[layer]
            counts[layer] = counts[layer] + spikes[layer]
    errors = [
        count / backward_steps * V_BACKWARD * gate / V_FORWARD
        for count, gate in zip(counts, gates)
    ]

    learning = [(first, x, errors[0])]
    learning += [(link, rates[i], errors[i + 1]) for i, link in enumerate(links)]
    if feedback:
        learning.append((feedback, rates[last], errors[0]))
    for link, source, target in learning:
        if link.weight is None:
            continue
        weight = link.weight.clone().requires_grad_()
        with torch.enable_grad():
            link.forward(source, weight).backward(target)
        link.weight -= 1e-4 * weight.grad


def main():
    name, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.manual_seed(0)
    network = NETWORKS[name]()
    readout = torch.randn(10, network[-1]) * network[-1] ** -0.5
    times = []
    with torch.no_grad():
        for _ in range(steps + 1):
            began = time.perf_counter()
            training_step(network, readout, batch)
            times.append((time.perf_counter() - began) / batch * 1000)
    print(f"{name}, batch {batch}: {statistics.median(times[1:]):.2f} ms a sample")


main()
