/// U with Uᵀ U = H⁻¹, upper triangular: the Cholesky factor of the inverse of a damped covariance matrix.
///
/// With J the reversal of rows and columns, J H J = L Lᵀ gives H⁻¹ = (J L⁻¹ J)ᵀ (J L⁻¹ J), and J L⁻¹ J is upper triangular:
/// one factorization and one triangular inverse, and H⁻¹ itself is never formed.
struct InverseFactor: Sendable {
    private let size: Int
    private let values: SharedArray<Double>

    /// - Parameters:
    ///   - matrix: [size][size], symmetric, positive semidefinite.
    ///   - damping: added to the diagonal, relative to its mean.
    init(_ matrix: UnsafePointer<Double>, size: Int, damping: Double, threads: Int) {
        self.size = size
        let reversed = SharedArray(repeating: 0.0, count: size * size)
        var mean = 0.0
        for i in 0..<size { mean += matrix[i * size + i] }
        mean = max(mean / Double(size), 1e-9)
        for i in 0..<size {
            for j in 0...i { reversed[i * size + j] = matrix[(size - 1 - i) * size + size - 1 - j] }
            let diagonal = reversed[i * size + i]
            reversed[i * size + i] = diagonal + damping * mean + (diagonal <= 0 ? 1 : 0)
        }
        Self.factorize(reversed, size: size, threads: threads)
        let inverse = Self.invert(reversed, size: size, threads: threads)
        // Reverse rows and columns in place.
        for i in 0..<size * size / 2 { (inverse[i], inverse[size * size - 1 - i]) = (inverse[size * size - 1 - i], inverse[i]) }
        values = inverse
    }

    func row(_ index: Int) -> UnsafePointer<Double> { UnsafePointer(values.pointer(index * size)) }

    /// L of A = L Lᵀ in place of A's lower triangle. Right-looking by blocks of columns: the trailing rows are shared out.
    private static func factorize(_ a: SharedArray<Double>, size: Int, threads: Int) {
        let width = 48
        for start in stride(from: 0, to: size, by: width) {
            let end = min(size, start + width)
            for j in start..<end {
                let pivotRow = a.pointer(j * size)
                let pivot = max(pivotRow[j] - dot(pivotRow + start, pivotRow + start, j - start), 1e-30).squareRoot()
                pivotRow[j] = pivot
                for i in j + 1..<max(end, j + 1) {
                    let row = a.pointer(i * size)
                    row[j] = (row[j] - dot(row + start, pivotRow + start, j - start)) / pivot
                }
            }
            // Each row below depends on the block alone, and the trailing update on finished rows: two rounds.
            parallel(size - end, threads: threads) { range in
                for i in range {
                    let row = a.pointer((end + i) * size)
                    for j in start..<end {
                        row[j] = (row[j] - dot(row + start, a.pointer(j * size) + start, j - start)) / a[j * size + j]
                    }
                }
            }
            let below = size - end
            @Sendable func update(_ row: Int) {
                let target = a.pointer((end + row) * size)
                for j in end...end + row { target[j] -= dot(target + start, a.pointer(j * size) + start, end - start) }
            }
            // A short row with a long one, so that ranges are of equal work.
            parallel((below + 1) / 2, threads: threads) { range in
                for i in range {
                    update(i)
                    if below - 1 - i != i { update(below - 1 - i) }
                }
            }
        }
    }

    /// L⁻¹, lower triangular: row by row, row i = (e_i - Σ L[i][k] row k) / L[i][i]. Columns are shared out.
    private static func invert(_ l: SharedArray<Double>, size: Int, threads: Int) -> SharedArray<Double> {
        let inverse = SharedArray(repeating: 0.0, count: size * size)
        let strip = 32
        let strips = (size + strip - 1) / strip
        parallel(strips, threads: threads) { range in
            for part in range {
                let (left, right) = (part * strip, min(size, (part + 1) * strip))
                for i in left..<size {
                    let row = inverse.pointer(i * size)
                    let source = l.pointer(i * size)
                    for k in left..<max(i, left) {
                        let factor = source[k]
                        let earlier = inverse.pointer(k * size)
                        for c in left..<right { row[c] -= factor * earlier[c] }
                    }
                    if i < right { row[i] += 1 }
                    let scale = 1 / source[i]
                    for c in left..<right { row[c] *= scale }
                }
            }
        }
        return inverse
    }

    /// Four partial sums, added in a fixed order.
    @inline(__always)
    private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
        var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
        var i = 0
        while i + 4 <= count {
            s0 += a[i] * b[i]
            s1 += a[i + 1] * b[i + 1]
            s2 += a[i + 2] * b[i + 2]
            s3 += a[i + 3] * b[i + 3]
            i += 4
        }
        while i < count {
            s0 += a[i] * b[i]
            i += 1
        }
        return (s0 + s1) + (s2 + s3)
    }
}
