import SwiftletRuntime
import Testing

@testable import SwiftletImport

/// `inference.yml`
struct PaddleDeploymentTests {
    private func read(_ text: String) throws -> ModelConventions {
        try PaddleDeployment.read(Array(text.utf8), "inference.yml")
    }

    private func failure(_ text: String) -> String {
        do {
            return "taken: \(try read(text))"
        } catch {
            return "\(error)"
        }
    }

    /// As PaddleClas' export writes it.
    private let usual = """
        Global:
          model_name: MobileNetV3_small_x1_0
        PreProcess:
          transform_ops:
          - ResizeImage:
              resize_short: 256
          - CropImage:
              size: 224
          - NormalizeImage:
              channel_num: 3
              mean:
              - 0.485
              - 0.456
              - 0.406
              order: ''
              scale: 0.00392156862745098
              std:
              - 0.229
              - 0.224
              - 0.225
          - ToCHWImage: null
        PostProcess:
          Topk:
            topk: 5
            label_list:
            - tench, Tinca tinca
            - 12
            - "yes"
        """

    @Test func whatPaddleClasWrites() throws {
        let read = try read(usual)
        let preparation = read.preprocessing
        #expect(preparation.mean == [123.675, 116.28, 103.53])
        #expect(preparation.std == [58.395, 57.12, 57.375])
        #expect(preparation.resize == .shorterSide(256))
        #expect(preparation.crop?.height == 224)
        #expect(preparation.interpolation == .opencvBilinear)
        #expect(read.labels == ["tench, Tinca tinca", "12", "yes"])
        #expect(read.notUnderstood.isEmpty)
        #expect(read.source == "inference.yml")
    }

    @Test func otherWays() throws {
        let read = try read(
            """
            PreProcess:
              transform_ops:
                - DecodeImage: {img_mode: BGR, channel_first: false}
                - ResizeImage: {size: [160, 80], backend: pil, interpolation: bicubic}
                - NormalizeImage: {scale: 1.0/255.0, mean: [0, 0.5, 1], std: [1, 1, 0.5], order: chw}
                - RandomErasing: {}
                - ToCHWImage
            PostProcess:
              main_indicator: Topk
              Topk: {topk: 5, class_id_map_file: ../labels.txt}
            """)
        let preparation = read.preprocessing
        #expect(preparation.resize == .exact(height: 80, width: 160))
        #expect(preparation.size?.height == 80)
        #expect(preparation.interpolation == .pillowBicubic)
        #expect(preparation.channelOrder == .bgr)
        #expect(preparation.mean == [0, 127.5, 255])
        #expect(preparation.std == [255, 255, 127.5])
        #expect(read.notUnderstood == ["RandomErasing", "class_id_map_file ../labels.txt"])
    }

    /// As ppocr writes it for its classifiers of text lines.
    @Test func textLines() throws {
        let read = try read(
            """
            PreProcess:
              transform_ops:
              - DecodeImage: {channel_first: false, img_mode: BGR}
              - ClsResizeImg: {image_shape: [3, 48, 192]}
              - KeepKeys: {keep_keys: [image]}
            """)
        #expect(read.preprocessing.resize == .exact(height: 48, width: 192))
        #expect(read.preprocessing.mean == [127.5, 127.5, 127.5])
        #expect(read.preprocessing.channelOrder == .bgr)
        #expect(read.notUnderstood == ["keeping a text line's proportion"])
    }

    @Test(arguments: [
        ("a: [", "not valid YAML"), (String(repeating: "[", count: 100_000), "not valid YAML"),
        (String(repeating: "- ", count: 100_000), "not valid YAML"),
        ("PreProcess: {transform_ops: [{CropImage: {size: -1}}]}", "CropImage's size"),
        ("PreProcess: {transform_ops: [{ResizeImage: {resize_short: 99999999999}}]}", "resize_short is"),
        ("PreProcess: {transform_ops: [{NormalizeImage: {mean: [1, 2]}}]}", "mean is not three numbers"),
        ("PreProcess: {transform_ops: [{NormalizeImage: {scale: 0}}]}", "scale is no positive number"),
        ("PreProcess: {transform_ops: [{NormalizeImage: {scale: x/y}}]}", "scale is no positive number"),
        ("PreProcess: {transform_ops: [{ClsResizeImg: {image_shape: [3]}}]}", "image_shape"),
        ("PostProcess: {Topk: {label_list: [[a]]}}", "label_list"),
    ])
    func whatCannotBeRead(_ text: String, _ reason: String) {
        let failure = failure(text)
        #expect(failure.hasPrefix("inference.yml: ") && failure.contains(reason) && !failure.contains("\n"), "\(failure)")
    }

    /// References to references, each ten times as large.
    @Test func aliases() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 { text += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n" }
        _ = try? read(text + "PostProcess: {Topk: {label_list: *a30}}\n")
    }

    @Test func otherContent() throws {
        for text in ["", "a", "[1, 2]", "PreProcess: 3", "PostProcess: [1]", "PreProcess: {transform_ops: [1, [2], {1: 2}]}"] {
            let read = try read(text)
            #expect(read.labels.isEmpty)
        }
    }
}
