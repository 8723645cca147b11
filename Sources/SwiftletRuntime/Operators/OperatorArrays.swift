package import CKernels

/// An operator's arrays where they stand: in a file, or in an `OperatorDescription`, which says what each holds.
package struct OperatorArrays {
    package var weights = UnsafeBufferPointer<Int8>(start: nil, count: 0)
    package var bias = UnsafeBufferPointer<Int32>(start: nil, count: 0)
    package var multiplier = UnsafeBufferPointer<Float>(start: nil, count: 0)
    package var offsets = UnsafeBufferPointer<Float>(start: nil, count: 0)
    package var secondMultiplier = UnsafeBufferPointer<Float>(start: nil, count: 0)
    package var table = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var floatWeights = UnsafeBufferPointer<Float>(start: nil, count: 0)
    package var floatBias = UnsafeBufferPointer<Float>(start: nil, count: 0)

    package init() {}

    /// Whether all are as long as an operator of this shape has them.
    func fit(_ lengths: ParameterLengths, _ shape: sk_shape) -> Bool {
        WideCount(weights.count) == lengths.weights.count(for: shape) && WideCount(bias.count) == lengths.bias.count(for: shape)
            && WideCount(multiplier.count) == lengths.multiplier.count(for: shape)
            && WideCount(offsets.count) == lengths.offsets.count(for: shape)
            && WideCount(secondMultiplier.count) == lengths.secondMultiplier.count(for: shape)
            && (WideCount(table.count) == lengths.table.count(for: shape) || table.isEmpty && lengths.table == .selection)
            && WideCount(floatWeights.count) == lengths.floatWeights.count(for: shape)
            && WideCount(floatBias.count) == lengths.floatBias.count(for: shape)
    }

    /// The lowest address of all; nil where there is no array.
    var lowestAddress: UnsafeRawPointer? {
        var lowest: UnsafeRawPointer?
        func consider(_ array: UnsafeRawPointer?) {
            guard let array else { return }
            lowest = lowest.map { min($0, array) } ?? array
        }
        consider(weights.baseAddress)
        consider(bias.baseAddress)
        consider(multiplier.baseAddress)
        consider(offsets.baseAddress)
        consider(secondMultiplier.baseAddress)
        consider(table.baseAddress)
        consider(floatWeights.baseAddress)
        consider(floatBias.baseAddress)
        return lowest
    }
}

extension ParameterLength {
    package func count(for shape: sk_shape) -> WideCount {
        switch self {
        case .none: WideCount(0)
        case .weights: WideCount(shape.out_c) * shape.inputsPerOutput
        case .channels: WideCount(shape.out_c)
        case .channelsOfResidual: WideCount(shape.residual != 0 ? shape.out_c : 0)
        case .channelsOfAverage: WideCount(shape.pool_max != 0 ? 0 : shape.out_c)
        case .selection: WideCount(shape.out_c) * 2
        case .positions: (WideCount(shape.out_h) + WideCount(shape.out_w)) * 2
        case .tables: WideCount(shape.table_per_channel != 0 ? shape.out_c : 1) * OperatorArrays.tableEntries
        }
    }
}

extension OperatorArrays {
    /// Values of 8 bits.
    static let tableEntries = 256

    /// The table of a concatenation or of a resampling, 16-bit little-endian numbers.
    var selection: [UInt16] {
        (0..<(table.count / 2)).map { UInt16(table[2 * $0]) | UInt16(table[2 * $0 + 1]) << 8 }
    }
}

extension OperatorDescription {
    /// Of a concatenation: by output channel, the channel of the joined inputs that it is; empty: all in their order. Of a resampling: the
    /// row of the input by row of the output, then columns likewise.
    package var selection: [UInt16] { withArrays { $0.selection } }

    /// Its arrays, for as long as `body` runs.
    package func withArrays<Result>(_ body: (OperatorArrays) -> Result) -> Result {
        var arrays = OperatorArrays()
        return weights.withUnsafeBufferPointer { pointer in
            arrays.weights = pointer
            return bias.withUnsafeBufferPointer { pointer in
                arrays.bias = pointer
                return multiplier.withUnsafeBufferPointer { pointer in
                    arrays.multiplier = pointer
                    return offsets.withUnsafeBufferPointer { pointer in
                        arrays.offsets = pointer
                        return secondMultiplier.withUnsafeBufferPointer { pointer in
                            arrays.secondMultiplier = pointer
                            return withTables(arrays, body)
                        }
                    }
                }
            }
        }
    }

    private func withTables<Result>(_ arrays: OperatorArrays, _ body: (OperatorArrays) -> Result) -> Result {
        var arrays = arrays
        return table.withUnsafeBufferPointer { pointer in
            arrays.table = pointer
            return floatWeights.withUnsafeBufferPointer { pointer in
                arrays.floatWeights = pointer
                return floatBias.withUnsafeBufferPointer { pointer in
                    arrays.floatBias = pointer
                    return body(arrays)
                }
            }
        }
    }
}
