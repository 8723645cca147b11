/// One step of a model.
struct TFLiteOperator {
    /// The schema's name, such as CONV_2D; "CUSTOM" and the author's name for others.
    let kind: String
    /// The table of options that its kind has.
    let options: FlatTable?
    /// Tensors, by number; -1 for an input left out.
    let inputs: [Int]
    let outputs: [Int]
    /// For the graph's nodes.
    var name = ""

    init(kind: String, options: FlatTable?, inputs: [Int], outputs: [Int]) {
        (self.kind, self.options, self.inputs, self.outputs) = (kind, options, inputs, outputs)
    }

    /// nil for an input that is not there.
    func input(_ position: Int) -> Int? {
        inputs.indices.contains(position) && inputs[position] >= 0 ? inputs[position] : nil
    }

    // MARK: Options, by their numbers in the schema, with the defaults of a table that is left out

    func integer(_ field: Int, default fallback: Int32 = 0) throws(TFLiteProblem) -> Int {
        try options?.integer(field, Int32.self, default: fallback) ?? Int(fallback)
    }

    func choice(_ field: Int) throws(TFLiteProblem) -> Int { try options?.integer(field, Int8.self) ?? 0 }

    func flag(_ field: Int) throws(TFLiteProblem) -> Bool { try options?.flag(field) ?? false }

    func float(_ field: Int, default fallback: Float = 0) throws(TFLiteProblem) -> Float {
        let value = try options?.float(field, default: fallback) ?? fallback
        guard value.isFinite else { throw .malformed("an option is not finite") }
        return value
    }

    // MARK: Names

    static let custom = "CUSTOM"

    static func name(of number: Int) -> String {
        names.indices.contains(number) ? names[number] : "OPERATOR_\(number)"
    }

    /// In the order of the schema's BuiltinOperator.
    private static let names =
        """
        ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED \
        HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU \
        RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM \
        EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV \
        SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE \
        BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN \
        TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD \
        REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL \
        FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N \
        GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE \
        NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL \
        PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND \
        HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS \
        RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1
        """.split(separator: " ").map(String.init)
}
