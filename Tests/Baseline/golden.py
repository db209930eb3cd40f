#!/usr/bin/env python3
"""Restates both stages line by line in double precision and writes golden cases, as Tests/SpideEngineTests/Golden has them.

    pip install numpy
    python3 golden.py FOLDER

Dense weights see feature maps as PyTorch does, channels first. Seeds are tried until every comparison with a threshold
is at least 2e-4 away from a tie, and rates of several sizes and all kinds of gates are among the results.
"""

import json
import os
import sys

import numpy as np


def taps(weight, stride, padding, height, width):
    """Each tap of a convolution with the places that it joins: its own row and column, the target's, the source's."""
    out_height = (height + 2 * padding - weight.shape[2]) // stride + 1
    out_width = (width + 2 * padding - weight.shape[3]) // stride + 1
    for y in range(out_height):
        for x in range(out_width):
            for ky in range(weight.shape[2]):
                for kx in range(weight.shape[3]):
                    wy, wx = y * stride - padding + ky, x * stride - padding + kx
                    if 0 <= wy < height and 0 <= wx < width:
                        yield ky, kx, y, x, wy, wx


class Link:
    def __init__(self, random, kind, source, target, gain, bias, stride=1, padding=0):
        self.kind, self.source, self.target = kind, source, target
        self.stride, self.padding = stride, padding
        inputs, outputs = int(np.prod(source)), int(np.prod(target))
        shape = (outputs, inputs) if kind == 'dense' else (target[0], source[0], 3, 3)
        fan_in = int(np.prod(shape[1:]))
        self.weight = np.float32(random.standard_normal(shape) * gain * np.sqrt(2 / fan_in)).astype(float)
        self.bias = None
        if bias is not None:
            spread, mean = bias
            self.bias = np.float32(random.standard_normal(shape[0]) * spread + mean).astype(float)

    def send(self, x):
        if self.kind == 'dense':
            y = (self.weight @ x.ravel()).reshape(self.target)
            return y if self.bias is None else y + self.bias.reshape(self.target)
        y = np.zeros(self.target)
        for ky, kx, i, j, wy, wx in taps(self.weight, self.stride, self.padding, *self.source[1:]):
            y[:, i, j] += self.weight[:, :, ky, kx] @ x[:, wy, wx]
        return y if self.bias is None else y + self.bias[:, None, None]

    def send_back(self, y):
        if self.kind == 'dense':
            return (self.weight.T @ y.ravel()).reshape(self.source)
        x = np.zeros(self.source)
        for ky, kx, i, j, wy, wx in taps(self.weight, self.stride, self.padding, *self.source[1:]):
            x[:, wy, wx] += self.weight[:, :, ky, kx].T @ y[:, i, j]
        return x

    def gradients(self, error, rate):
        """Of weight and bias."""
        if self.kind == 'dense':
            return np.outer(error.ravel(), rate.ravel()), error.ravel()
        weight = np.zeros_like(self.weight)
        for ky, kx, i, j, wy, wx in taps(self.weight, self.stride, self.padding, *self.source[1:]):
            weight[:, :, ky, kx] += np.outer(error[:, i, j], rate[:, wy, wx])
        return weight, error.sum(axis=(1, 2))

    def json(self):
        result = {'kind': self.kind, 'weight': tensor(self.weight),
                  'bias': None if self.bias is None else tensor(self.bias)}
        if self.kind != 'dense':
            result |= {'stride': self.stride, 'padding': self.padding, 'outputPadding': 0}
        return result


def short(x):
    """Lists of nine digits, which give single precision back."""
    return np.vectorize(lambda v: float(f'{v:.9g}'))(x).tolist()


def tensor(x):
    return {'shape': list(x.shape), 'data': short(x.ravel())}


class Stage:
    """The neurons of all layers over the steps of a stage."""

    def __init__(self, shapes, leak, threshold, reset, ternary):
        self.leak, self.threshold, self.drop, self.ternary = leak, threshold, threshold - reset, ternary
        self.u = [np.zeros(s) for s in shapes]
        self.s = [np.zeros(s) for s in shapes]
        self.sums = [np.zeros(s) for s in shapes]
        self.weight, self.margin = 0.0, np.inf
        self.spikes, self.potentials = [[] for _ in shapes], [[] for _ in shapes]

    def begin(self):
        self.weight = self.leak * self.weight + 1

    def fire(self, layer, current):
        h = self.leak * self.u[layer] + current
        self.margin = min(self.margin, np.abs(h - self.threshold).min())
        s = (h >= self.threshold).astype(float)
        if self.ternary:
            self.margin = min(self.margin, np.abs(h + self.threshold).min())
            s -= h <= -self.threshold
        self.s[layer], self.u[layer] = s, h - self.drop * s
        self.sums[layer] = self.leak * self.sums[layer] + s
        self.spikes[layer].append([int(v) for v in s.ravel()])
        self.potentials[layer].append(short(self.u[layer].ravel()))

    def rates(self):
        return [x / self.weight for x in self.sums]


def run(case, seed):
    """One case as a dictionary, and how near the nearest comparison came to a tie."""
    random = np.random.default_rng(seed)
    shapes, v = case['layers'], 1.0 - case['reset']
    v_b = case['backwardThreshold'] - case['backwardReset']
    input_link, *links = [Link(random, **link) for link in case['links']]
    feedback, last = links[-1], len(shapes) - 1
    classifier = Link(random, 'dense', shapes[last], (3,), 1, (0.3, 0))
    x = np.float32(random.uniform(0, 2, case['input'])).astype(float)
    drive = input_link.send(x)

    forward = Stage(shapes, case['leak'], 1.0, case['reset'], False)
    for t in range(case['forwardSteps']):
        forward.begin()
        # At the first step nothing of the feedback has arrived, its bias neither.
        forward.fire(0, drive + feedback.send(forward.s[last]) if t else drive)
        for i in range(last):
            forward.fire(i + 1, links[i].send(forward.s[i]))
    a = forward.rates()
    gates = [((0 < r) & (r < 1)).astype(float) for r in a]

    z = classifier.send(a[last])
    p = np.exp(z - z.max())
    p /= p.sum()
    score = case['lossScale'] * (p - np.eye(3)[case['label']])
    g = classifier.send_back(score)

    backward = Stage(shapes, case['backwardLeak'], case['backwardThreshold'], case['backwardReset'], True)
    for t in range(case['backwardSteps']):
        backward.begin()
        arrived = feedback.send_back(gates[0] * v_b * backward.s[0]) / v
        backward.fire(last, g + arrived)
        for i in reversed(range(last)):
            backward.fire(i, links[i].send_back(gates[i + 1] * v_b * backward.s[i + 1]) / v)
    beta = [v_b * r for r in backward.rates()]

    gradients = {}
    ends = [('input', input_link, x, 0)]
    ends += [(f'link{i}', link, a[i], (i + 1) % len(links)) for i, link in enumerate(links)]
    for name, link, rate, to in ends:
        weight, bias = link.gradients(gates[to] * beta[to] / v, rate)
        gradients[name + '.weight'] = tensor(weight)
        if link.bias is not None:
            gradients[name + '.bias'] = tensor(bias)
    gradients['classifier.weight'] = tensor(np.outer(score, a[last].ravel()))
    gradients['classifier.bias'] = tensor(score)

    exact, implicit = [np.zeros(s) for s in shapes], [np.zeros(s) for s in shapes]
    for _ in range(3000):
        exact[0] = np.clip((drive + feedback.send(exact[last])) / v, 0, 1)
        for i in range(last):
            exact[i + 1] = np.clip(links[i].send(exact[i]) / v, 0, 1)
        implicit[last] = g + feedback.send_back(gates[0] * implicit[0]) / v
        for i in reversed(range(last)):
            implicit[i] = links[i].send_back(gates[i + 1] * implicit[i + 1]) / v
    settled = max(np.abs(x).max() for x in implicit) < 1e3

    mixed = all(0.2 < m.mean() < 1 for m in gates) and all(np.abs(b).max() > 0.1 for b in beta)
    result = {k: case[k] for k in ('name', 'leak', 'backwardLeak', 'reset', 'backwardThreshold', 'backwardReset',
                                   'forwardSteps', 'backwardSteps', 'lossScale', 'label')}
    result |= {
        'threshold': 1.0, 'input': tensor(x), 'inputVaries': False, 'layers': [list(s) for s in shapes],
        'inputLink': input_link.json(), 'links': [link.json() for link in links],
        'classifier': {'weight': tensor(classifier.weight), 'bias': tensor(classifier.bias)},
        'expected': {
            'forwardSpikes': forward.spikes, 'forwardPotential': forward.potentials,
            'firingRate': [short(r.ravel()) for r in a], 'logits': short(z),
            'loss': float(-np.log(p[case['label']])), 'outputGradient': short(g.ravel()),
            'backwardSpikes': backward.spikes, 'backwardPotential': backward.potentials,
            'beta': [short(b.ravel()) for b in beta], 'gradients': gradients,
            'equilibrium': [short(r.ravel()) for r in exact], 'implicitBeta': [short(b.ravel()) for b in implicit],
        }}
    return result, min(forward.margin, backward.margin) if mixed and settled else 0


def case(name, leak, backward_leak, layers, links, **more):
    return dict(
        name=name, leak=leak, backwardLeak=backward_leak, reset=-1.0, backwardThreshold=0.5, backwardReset=-0.5,
        forwardSteps=10, backwardSteps=12, lossScale=10.0, label=1, layers=layers, input=(2, 3, 4), links=links) | more


CASES = [
    # A dense feedback onto feature maps, from a flat layer and from other feature maps.
    case('dense-feedback-onto-maps-if', 1.0, 1.0, [(3, 3, 4), (5,)], [
        dict(kind='convolution', source=(2, 3, 4), target=(3, 3, 4), gain=1, bias=(0.3, 0), padding=1),
        dict(kind='dense', source=(3, 3, 4), target=(5,), gain=1.5, bias=(0.3, 0.2)),
        dict(kind='dense', source=(5,), target=(3, 3, 4), gain=0.7, bias=(0.3, 0.1))]),
    case('dense-feedback-onto-maps-lif-if', 0.9, 1.0, [(3, 3, 4), (2, 2, 2)], [
        dict(kind='convolution', source=(2, 3, 4), target=(3, 3, 4), gain=1, bias=(0.3, 0), padding=1),
        dict(kind='convolution', source=(3, 3, 4), target=(2, 2, 2), gain=1.5, bias=(0.3, 0.2), stride=2, padding=1),
        dict(kind='dense', source=(2, 2, 2), target=(3, 3, 4), gain=0.7, bias=None)]),
    # The other way round, and a bias of the feedback to a flat layer.
    case('dense-feedback-if-lif', 1.0, 0.85, [(7,), (5,)], [
        dict(kind='dense', source=(6,), target=(7,), gain=1, bias=(0.3, 0)),
        dict(kind='dense', source=(7,), target=(5,), gain=1.5, bias=(0.3, 0.2)),
        dict(kind='dense', source=(5,), target=(7,), gain=0.7, bias=(0.3, 0.3))], input=(6,)),
]


if __name__ == '__main__':
    for wanted in CASES:
        seed = 0
        while True:
            result, margin = run(wanted, seed)
            if margin >= 2e-4:
                break
            seed += 1
        path = os.path.join(sys.argv[1], wanted['name'] + '.json')
        with open(path, 'w') as file:
            json.dump(result, file, separators=(',', ':'))
        print(f'{path}: seed {seed}, {os.path.getsize(path)} bytes, {margin:.1e} from a tie')
