"""Photographs, calibration pictures and labels for the quickstart, from unpacked PyPI packages.   usage: quickstart_data.py FOLDER

The photographs are whole; the calibration pictures are their overlapping corners, center and mirror images, since a dozen photographs
alone are few.
"""
import os
import sys

from PIL import Image, ImageOps

root = sys.argv[1]
wheels = os.path.join(root, "wheels")
PHOTOGRAPHS = [
    "scikit-image/skimage/data/astronaut.png", "scikit-image/skimage/data/chelsea.png", "scikit-image/skimage/data/coffee.png",
    "scikit-image/skimage/data/coins.png", "scikit-image/skimage/data/motorcycle_left.png", "scikit-image/skimage/data/rocket.jpg",
    "scikit-image/skimage/data/clock_motion.png", "scikit-image/skimage/data/page.png",
    "scikit-learn/sklearn/datasets/images/china.jpg", "scikit-learn/sklearn/datasets/images/flower.jpg",
]


def cuts(picture):
    w, h = picture.size
    cw, ch = w * 3 // 4, h * 3 // 4
    for left, top in [(0, 0), (w - cw, 0), (0, h - ch), (w - cw, h - ch), ((w - cw) // 2, (h - ch) // 2)]:
        part = picture.crop((left, top, left + cw, top + ch))
        yield part
        yield ImageOps.mirror(part)


def main():
    photographs, calibration = os.path.join(root, "photographs"), os.path.join(root, "calibration")
    os.makedirs(photographs, exist_ok=True)
    os.makedirs(calibration, exist_ok=True)
    for path in PHOTOGRAPHS:
        name = os.path.splitext(os.path.basename(path))[0]
        source = os.path.join(wheels, path)
        if not os.path.exists(source):
            print(f"{path} is not in the package any more; going on without it", file=sys.stderr)
            continue
        picture = Image.open(source).convert("RGB")
        picture.save(os.path.join(photographs, name + ".jpg"), quality=92)
        for number, part in enumerate(cuts(picture)):
            part.save(os.path.join(calibration, f"{name}_{number}.jpg"), quality=92)
    info = os.path.join(wheels, "timm", "timm", "data", "_info")
    lemmas = dict(line.rstrip("\n").split("\t", 1) for line in open(os.path.join(info, "imagenet_synset_to_lemma.txt")))
    with open(os.path.join(root, "labels.txt"), "w") as out:
        for line in open(os.path.join(info, "imagenet_synsets.txt")):
            out.write(lemmas[line.strip()] + "\n")


main()
