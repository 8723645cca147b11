"""What the exporters of all families share: they are called with a folder and names, and leave NAME.onnx and NAME.taken, the pictures that
it takes as JSON (NAME.json would be read by the quantizer), or NAME.error with one line."""

import json
import sys
import traceback
from itertools import groupby
from pathlib import Path

import numpy as np

import catalog

REBUILT = {"fused", "pixels", "uint8"}  # options that change the model; the others change how it is written


def main(build, write):
    """`build(network, options, pictures)` gives a model with statistics and its `Preparation`, `write(model, preparation, export, path)`
    writes it."""
    folder, names = Path(sys.argv[1]), set(sys.argv[2:])
    statistics = np.load(folder / "pictures.npz")["statistics"]
    wanted = [export for export in catalog.catalog() if export.name in names]
    for network, exports in groupby(wanted, key=lambda export: export.network):
        built = None
        for export in exports:
            try:
                another = REBUILT & set(export.options)
                if built is None or built != another:
                    built, (model, preparation) = another, build(network, export.options, statistics)
                write(model, preparation, export, folder / f"{export.name}.onnx")
                (folder / f"{export.name}.taken").write_text(json.dumps(preparation.stored()) + "\n")
                print(f"exported {export.name}", flush=True)
            except Exception as error:  # whatever an exporter does: the others go on
                traceback.print_exc()
                line = f"{type(error).__name__}: {error}".strip().splitlines()[0]
                (folder / f"{export.name}.error").write_text(line + "\n")
                print(f"not exported {export.name}: {line}", flush=True)
