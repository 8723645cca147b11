"""Pictures in the way that networks take them. NumPy alone: exporters read this too."""

from dataclasses import asdict, dataclass

import numpy as np

SIZE = 256
STATISTICS, CALIBRATION, HELD_OUT, FIXED = 16, 24, 8, 2  # what they are for, in the order in which they lie in the file
IMAGENET = ([123.675, 116.28, 103.53], [58.395, 57.12, 57.375])


@dataclass(frozen=True)
class Preparation:
    """What a network takes: pixels in 0...255, less the mean, over the standard deviation, [N,channels,height,width]."""
    height: int = 224
    width: int = 224
    channels: int = 3
    mean: tuple = (0.0,)
    std: tuple = (1.0,)

    def __call__(self, pictures):
        """Pictures [N,256,256,3] of bytes as [N,channels,height,width] of float32: the middle of each."""
        top, left = (SIZE - self.height) // 2, (SIZE - self.width) // 2
        pixels = pictures[:, top:top + self.height, left:left + self.width].astype(np.float32)
        if self.channels == 1:
            pixels = pixels @ np.array([[0.299], [0.587], [0.114]], np.float32)
        pixels = (pixels - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), np.float32)

    def stored(self):
        return asdict(self)


def imagenet(height=224, width=224):
    return Preparation(height, width, 3, *map(tuple, IMAGENET))


def part(pictures, name):
    """Those for batch norm's statistics, for calibration, held out of it, or fixed."""
    sizes = {"statistics": STATISTICS, "calibration": CALIBRATION, "held out": HELD_OUT, "fixed": FIXED}
    first = sum(list(sizes.values())[:list(sizes).index(name)])
    return pictures[first:first + sizes[name]]


def made(folder=None):
    """All of them, [N,256,256,3] of bytes: those of a folder where it has enough, else clouds of color with edges in them, always the
    same."""
    count = STATISTICS + CALIBRATION + HELD_OUT + FIXED
    paths = sorted(folder.rglob("*.JPEG") if folder else [])
    if len(paths) < count:
        return np.stack([clouds(seed) for seed in range(count)])
    from PIL import Image, ImageOps
    chosen = [paths[index * len(paths) // count] for index in range(count)]
    chosen = [chosen[index] for index in np.random.default_rng(0).permutation(count)]
    return np.stack([np.asarray(ImageOps.fit(Image.open(path).convert("RGB"), (SIZE, SIZE), Image.Resampling.BILINEAR)) for path in chosen])


def clouds(seed):
    """Noise whose strength falls with frequency, as that of photos does, with a tint, a contrast and some flat rectangles."""
    random = np.random.default_rng([seed, 7])
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIZE), np.fft.fftfreq(SIZE), indexing="ij"))
    noise = np.fft.fft2(random.standard_normal((3, SIZE, SIZE))) / np.maximum(frequency, 1 / SIZE) ** random.uniform(0.8, 1.6)
    picture = np.real(np.fft.ifft2(noise)).transpose(1, 2, 0)
    picture = (picture - picture.mean()) / picture.std() * random.uniform(25, 70) + random.uniform(70, 180, 3)
    for _ in range(random.integers(2, 9)):
        top, left = random.integers(0, SIZE - 16, 2)
        height, width = random.integers(8, 120, 2)
        picture[top:top + height, left:left + width] = random.uniform(0, 255, 3) + random.normal(0, 4, 3)
    return np.clip(picture, 0, 255).astype(np.uint8)
