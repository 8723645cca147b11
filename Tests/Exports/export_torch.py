"""Exports of torchvision, timm and ultralytics by PyTorch's two exporters."""

import os
import warnings

os.environ["YOLO_CONFIG_DIR"] = os.getcwd()
os.environ["YOLO_OFFLINE"] = "true"

import torch

import exporter
import pictures

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def importable_torchvision():
    """torchvision's wheel of PyPI does not load its C library beside PyTorch's wheel without CUDA; no classifier needs it."""
    original = torch.library.register_fake

    def registered(name, *arguments, **options):
        if isinstance(name, str) and name.startswith("torchvision::"):
            return lambda function: function
        return original(name, *arguments, **options)

    torch.library.register_fake = registered
    import torchvision
    torch.library.register_fake = original
    return torchvision


torchvision = importable_torchvision()


class ChannelsLastInput(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x.permute(0, 3, 1, 2))


class Normalized(torch.nn.Module):
    """Takes pixels in 0...255, of bytes or floats, and normalizes them as torchvision's transforms do."""

    def __init__(self, model, preparation):
        super().__init__()
        self.model = model
        for name in ("mean", "std"):
            self.register_buffer(name, torch.tensor(getattr(preparation, name)).reshape(1, 3, 1, 1) / 255)

    def forward(self, x):
        return self.model((x.float() / 255 - self.mean) / self.std)


def build(network, options, statistics):
    torch.manual_seed(1)
    library, name = network.split("/")
    preparation = pictures.imagenet()
    if library == "torchvision":
        model = getattr(torchvision.models, name)(weights=None)
    elif library == "timm":
        import timm
        model = timm.create_model(name, pretrained=False)
        _, height, width = model.pretrained_cfg["input_size"]
        preparation = of_timm(model.pretrained_cfg, height, width)
    else:
        from ultralytics import YOLO
        model = YOLO(f"{name}.yaml")
        preparation = pictures.Preparation(mean=(0.0,), std=(255.0,))
    bare = model.model if library == "ultralytics" else model
    realistic(bare, torch.from_numpy(preparation(statistics)))
    if {"pixels", "uint8"} & set(options):
        return Normalized(model, preparation).eval(), pictures.Preparation()
    if "fused" in options:
        from timm.utils.model import reparameterize_model
        model = reparameterize_model(model)
    return model, preparation


def of_timm(configuration, height, width):
    mean, std = (tuple(255 * value for value in configuration[key]) for key in ("mean", "std"))
    return pictures.Preparation(height, width, 3, mean, std)


def realistic(model, x):
    """Batch norms with scales, offsets and the statistics of pictures, so that all maps are of the order of 1 and differ by channel."""
    model.eval()
    norms = [module for module in model.modules() if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.uniform_(0.5, 1.5)
            norm.bias.normal_(0, 0.2)
            norm.momentum = 1.0
            norm.train()
        model(x)
        for norm in norms:
            norm.running_var.clamp_(min=1e-3)
            norm.momentum = 0.1
    model.eval()


def write(model, preparation, export, path):
    if export.exporter == "ultralytics":
        return write_by_ultralytics(model, export, path)
    module = getattr(model, "model", model) if export.network.startswith("ultralytics/") else model
    module = ChannelsLastInput(module) if "nhwc" in export.options else module
    batch = 4 if "batch4" in export.options else 2 if "dynamic" in export.options else 1
    x = torch.randn(batch, 3, preparation.height, preparation.width)
    x = (127 + 50 * x).clamp(0, 255).to(torch.uint8) if "uint8" in export.options else x
    if "nhwc" in export.options:
        x = x.permute(0, 2, 3, 1).contiguous()
    is_last = "channels_last" in export.options
    if is_last:
        module, x = module.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    open_axes = {"dynamic": {0: "batch"}, "open": {0: "batch", 2: "height", 3: "width"}}
    axes = next((axes for option, axes in open_axes.items() if option in export.options), None)
    names = {"input_names": ["input"], "output_names": ["output"], "opset_version": export.opset}
    if export.exporter == "dynamo":
        shapes = ({axis: torch.export.Dim(name) for axis, name in axes.items()},) if axes else None
        external = "external" in export.options
        torch.onnx.export(module.eval(), (x,), path, dynamo=True, dynamic_shapes=shapes, external_data=external, verbose=False, **names)
    else:
        torch.onnx.export(module.eval(), (x,), path, dynamo=False, dynamic_axes={"input": axes} if axes else None, **names)
    if is_last:
        module.to(memory_format=torch.contiguous_format)


def write_by_ultralytics(model, export, path):
    """Its own command, which writes beside its configuration."""
    model.model.yaml_file = str(path)
    dynamic = "dynamic" in export.options
    written = model.export(format="onnx", imgsz=224, opset=export.opset, dynamic=dynamic, simplify=False, verbose=False)
    if os.path.abspath(written) != str(path):
        os.replace(written, path)


if __name__ == "__main__":
    exporter.main(build, write)
