"""PaddleClas' networks that paddle.vision has none of, with its layers in its order, narrower where that changes no node."""

import paddle
from paddle import nn
from paddle.nn import functional as F


class ConvNorm(nn.Sequential):
    def __init__(self, channels, out, kernel=1, stride=1, groups=1, activation=None):
        convolution = nn.Conv2D(channels, out, kernel, stride, kernel // 2, groups=groups, bias_attr=False)
        super().__init__(*[convolution, nn.BatchNorm2D(out), *([activation()] if activation else [])])


class SqueezeExcite(nn.Layer):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2D(1)
        self.reduce = nn.Conv2D(channels, channels // reduction, 1)
        self.expand = nn.Conv2D(channels // reduction, channels, 1)
        self.relu, self.gate = nn.ReLU(), nn.Hardsigmoid()

    def forward(self, x):
        return paddle.multiply(x, self.gate(self.expand(self.relu(self.reduce(self.pool(x))))))


class Head(nn.Layer):
    def __init__(self, channels, hidden, classes=1000):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2D(1)
        self.convolution = nn.Conv2D(channels, hidden, 1, bias_attr=False)
        self.activation, self.dropout = nn.Hardswish(), nn.Dropout(0.2, mode="downscale_in_infer")
        self.flatten, self.linear = nn.Flatten(), nn.Linear(hidden, classes)

    def forward(self, x):
        return self.linear(self.flatten(self.dropout(self.activation(self.convolution(self.pool(x))))))


class LCNetBlock(nn.Sequential):
    def __init__(self, kernel, channels, out, stride, excite):
        depthwise = ConvNorm(channels, channels, kernel, stride, channels, nn.Hardswish)
        gate = [SqueezeExcite(channels)] if excite else []
        super().__init__(depthwise, *gate, ConvNorm(channels, out, activation=nn.Hardswish))


def PPLCNet():
    blocks = [(3, 16, 32, 1, False), (3, 32, 64, 2, False), (3, 64, 64, 1, False), (3, 64, 128, 2, False), (3, 128, 128, 1, False),
              (3, 128, 256, 2, False), *[(5, 256, 256, 1, False)] * 5, (5, 256, 512, 2, True), (5, 512, 512, 1, True)]
    return nn.Sequential(ConvNorm(3, 16, 3, 2, activation=nn.Hardswish), *[LCNetBlock(*block) for block in blocks], Head(512, 1280))


def shuffled(x, groups=2):
    batch, channels, height, width = x.shape
    x = paddle.reshape(x, [batch, groups, channels // groups, height, width])
    return paddle.reshape(paddle.transpose(x, [0, 2, 1, 3, 4]), [batch, channels, height, width])


class ESBlock1(nn.Layer):
    """Stride 1: one half goes on as it is."""

    def __init__(self, channels, hidden):
        super().__init__()
        self.first = ConvNorm(channels // 2, hidden // 2, activation=nn.Hardswish)
        self.depthwise = ConvNorm(hidden // 2, hidden // 2, 3, 1, hidden // 2)
        self.excite = SqueezeExcite(hidden)
        self.second = ConvNorm(hidden, channels // 2, activation=nn.Hardswish)

    def forward(self, x):
        kept, x = paddle.split(x, num_or_sections=[x.shape[1] // 2, x.shape[1] // 2], axis=1)
        x = self.first(x)
        x = self.second(self.excite(paddle.concat([x, self.depthwise(x)], axis=1)))
        return shuffled(paddle.concat([kept, x], axis=1))


class ESBlock2(nn.Layer):
    """Stride 2."""

    def __init__(self, channels, hidden, out):
        super().__init__()
        self.left = nn.Sequential(ConvNorm(channels, channels, 3, 2, channels), ConvNorm(channels, out // 2, activation=nn.Hardswish))
        self.right = nn.Sequential(
            ConvNorm(channels, hidden // 2, activation=nn.Hardswish), ConvNorm(hidden // 2, hidden // 2, 3, 2, hidden // 2),
            SqueezeExcite(hidden // 2), ConvNorm(hidden // 2, out // 2, activation=nn.Hardswish))
        self.merge = nn.Sequential(ConvNorm(out, out, 3, 1, out, nn.Hardswish), ConvNorm(out, out, activation=nn.Hardswish))

    def forward(self, x):
        return self.merge(paddle.concat([self.left(x), self.right(x)], axis=1))


def ESNet():
    layers, channels = [ConvNorm(3, 24, 3, 2, activation=nn.Hardswish), nn.MaxPool2D(3, 2, 1)], 24
    for out, repeats in ((64, 2), (128, 4), (256, 2)):
        layers.append(ESBlock2(channels, out // 2, out))
        layers += [ESBlock1(out, out // 2) for _ in range(repeats)]
        channels = out
    return nn.Sequential(*layers, Head(channels, 512))


class GhostExcite(nn.Layer):
    """With linear layers: squeezed, and unsqueezed again."""

    def __init__(self, channels):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2D(1)
        self.reduce, self.expand = nn.Linear(channels, channels // 4), nn.Linear(channels // 4, channels)

    def forward(self, x):
        gate = paddle.squeeze(self.pool(x), axis=[2, 3])
        gate = paddle.clip(self.expand(F.relu(self.reduce(gate))), min=0, max=1)
        return paddle.multiply(x, paddle.unsqueeze(gate, axis=[2, 3]))


class Ghost(nn.Layer):
    def __init__(self, channels, out, activation=nn.ReLU):
        super().__init__()
        self.primary = ConvNorm(channels, out // 2, activation=activation)
        self.cheap = ConvNorm(out // 2, out // 2, 3, 1, out // 2, activation)

    def forward(self, x):
        x = self.primary(x)
        return paddle.concat([x, self.cheap(x)], axis=1)


class GhostBottleneck(nn.Layer):
    def __init__(self, channels, hidden, out, kernel, stride, excite):
        super().__init__()
        middle = [ConvNorm(hidden, hidden, kernel, stride, hidden)] if stride == 2 else []
        middle += [GhostExcite(hidden)] if excite else []
        self.path = nn.Sequential(Ghost(channels, hidden), *middle, Ghost(hidden, out, None))
        same = stride == 1 and channels == out
        self.shortcut = None if same else nn.Sequential(ConvNorm(channels, channels, kernel, stride, channels), ConvNorm(channels, out))

    def forward(self, x):
        return paddle.add(self.path(x), self.shortcut(x) if self.shortcut else x)


def GhostNet():
    blocks = [(16, 16, 16, 3, 1, False), (16, 48, 24, 3, 2, False), (24, 72, 24, 3, 1, False), (24, 72, 40, 5, 2, True),
              (40, 120, 40, 5, 1, True), (40, 240, 80, 3, 2, False), (80, 184, 80, 3, 1, False), (80, 480, 112, 3, 1, True),
              (112, 672, 160, 5, 2, True), (160, 960, 160, 5, 1, True)]
    return nn.Sequential(
        ConvNorm(3, 16, 3, 2, activation=nn.ReLU), *[GhostBottleneck(*block) for block in blocks],
        ConvNorm(160, 960, activation=nn.ReLU), Head(960, 1280))
