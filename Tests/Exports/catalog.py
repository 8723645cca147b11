"""Which networks are exported, by which exporter, for which opset. Read by the exporters, each in an environment of its own, and by the
comparison."""

from dataclasses import dataclass

EXPORTERS = {"ts": "torchscript", "dy": "dynamo", "ke": "keras", "tf": "tf2onnx", "pd": "paddle2onnx", "ul": "ultralytics"}

# A network, then its exports: exporter and opset, then options after +:
#   channels_last  weights and picture in that memory layout         nhwc      the graph's input is [N,H,W,C], transposed in the graph
#   external       weights in a file beside the model                nchw      tf2onnx with --inputs-as-nchw
#   dynamic        the batch's size is open                          open      so are height and width
#   batch4         the batch's size is 4                             fused     branches made one convolution, as for deployment
#   pixels         normalization in the graph: 0...255   uint8     the same, and the input's type is that
#   quick          part of --quick
TORCH = """
torchvision/mobilenet_v2         ts11+quick ts13+nhwc ts14+pixels ts15+uint8 ts17+channels_last dy18 dy19+pixels dy20+external
torchvision/mobilenet_v3_small   ts11 ts14+dynamic ts16+channels_last dy18+external+quick dy20+dynamic
torchvision/mobilenet_v3_large   ts12 ts15 dy18 dy20+channels_last
torchvision/mnasnet1_0           ts11 ts17+batch4 dy19
torchvision/shufflenet_v2_x1_0   ts11+quick ts13+dynamic ts17 dy18 dy20
torchvision/squeezenet1_1        ts12 ts16+open dy18 dy19
torchvision/resnet18             ts13 dy18+channels_last dy20
torchvision/efficientnet_b0      ts13 ts17 dy18
timm/mobilenetv1_100             ts11 dy18
timm/mobilenetv2_035             ts12+dynamic
timm/mobilenetv2_100             ts13 dy18 dy20+channels_last
timm/mobilenetv3_small_100       ts11 ts17 dy18+quick
timm/mobilenetv3_large_100       ts14+dynamic dy18+nhwc dy20+external
timm/mobilenetv3_rw              ts15 dy19
timm/mobilenetv4_conv_small      ts13 dy18+quick dy20+channels_last
timm/mobilenetv4_conv_medium     dy18
timm/tf_mobilenetv3_small_100    ts11+quick ts17+dynamic dy18
timm/tf_mobilenetv3_small_minimal_100  ts16 dy19
timm/tf_mobilenetv3_large_100    ts13 dy18
timm/tf_efficientnet_lite0       ts13 dy18
timm/efficientnet_lite0          ts12 dy20
timm/lcnet_050                   ts17
timm/lcnet_100                   ts11 dy18+external
timm/ghostnet_050                dy20
timm/ghostnet_100                ts11+quick ts17 dy18
timm/ghostnetv2_100              dy18
timm/mobileone_s0                ts13 ts17+fused dy18 dy20+fused
timm/repvgg_a0                   ts13 dy18+fused
timm/repghostnet_050             dy18
timm/fbnetc_100                  ts12 dy18
timm/fbnetv3_b                   dy18
timm/tinynet_c                   ts17
timm/tinynet_e                   ts11+quick dy18
timm/mixnet_s                    ts13 ts17 dy18
timm/tf_mixnet_s                 ts14
timm/rexnet_100                  ts13 dy18
timm/hardcorenas_a               ts12 dy18
timm/regnetx_002                 ts13 dy18
timm/regnety_002                 ts17 dy20
timm/mnasnet_small               ts11 dy19
timm/semnasnet_075               ts16+channels_last dy18
timm/spnasnet_100                ts15
ultralytics/yolov8n-cls          ul13+quick ul17+dynamic dy18
"""
KERAS = """
keras/MobileNetV3Small           ke0+quick tf11 tf13+nchw tf17
keras/MobileNetV3Large           ke0 tf15
keras/MobileNet                  ke0 tf13+quick
keras/MobileNetV2                ke0 ke18 tf12+nchw tf18
keras/EfficientNetB0             ke0 tf14
keras/EfficientNetV2B0           ke0 tf16
keras/grayscale                  ke0+quick tf13
"""
PADDLE = """
paddle/MobileNetV1               pd11 pd13+dynamic
paddle/MobileNetV2               pd12+dynamic pd16
paddle/MobileNetV3Small          pd11+dynamic+quick pd14
paddle/MobileNetV3Large          pd13+dynamic pd15
paddle/PPLCNet                   pd11+dynamic pd17
paddle/ShuffleNetV2              pd11 pd13+dynamic
paddle/ESNet                     pd11+dynamic pd16
paddle/GhostNet                  pd12 pd13+dynamic
"""


@dataclass(frozen=True)
class Export:
    family: str  # torch, keras or paddle: the environment that it is made in
    network: str  # LIBRARY/NAME
    exporter: str
    opset: int  # 0: the exporter's default
    options: tuple
    quick: bool

    @property
    def name(self):
        """The name of its files, without ending."""
        opset = [f"op{self.opset}"] if self.opset else []
        return "-".join([self.network.replace("/", "-"), self.exporter, *opset, *self.options])


def parsed(family, text):
    for line in text.strip().splitlines():
        network, *exports = line.split()
        for export in exports:
            what, *options = export.split("+")
            quick = "quick" in options
            yield Export(family, network, EXPORTERS[what[:2]], int(what[2:]), tuple(o for o in options if o != "quick"), quick)


def catalog():
    return [*parsed("torch", TORCH), *parsed("keras", KERAS), *parsed("paddle", PADDLE)]
