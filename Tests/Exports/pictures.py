"""Pictures in the way that networks take them. NumPy alone: exporters read this too."""

from dataclasses import asdict, dataclass

import numpy as np

SIZE = 256
PARTS = {"statistics": 16, "calibration": 24, "held_out": 8, "fixed": 2}  # how many, by what they are for
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


def made(folder=None):
    """All of them by part, [N,256,256,3] of bytes: those of a folder where it has enough, else clouds of color with edges in them, always
    the same."""
    count = sum(PARTS.values())
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg")) if folder else []
    every = np.stack([clouds(seed) for seed in range(count)] if len(paths) < count else list(photos(paths, count)))
    ends = np.cumsum(list(PARTS.values()))
    return dict(zip(PARTS, np.split(every, ends[:-1])))


def photos(paths, count):
    """Evenly spaced over the list, then shuffled."""
    from PIL import Image, ImageOps
    for index in np.random.default_rng(0).permutation(count):
        picture = Image.open(paths[index * len(paths) // count]).convert("RGB")
        yield np.asarray(ImageOps.fit(picture, (SIZE, SIZE), Image.Resampling.BILINEAR))


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
