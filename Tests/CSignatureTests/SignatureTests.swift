import CSignature
import Crypto
import Foundation
import Testing

/// The board's verification beside RFC 8032's vectors and swift-crypto's signatures.
struct SignatureTests {
    /// RFC 8032, 7.1: public key, message, signature.
    private static let vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    /// L, the group's order, little-endian.
    private static let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
    }

    @Test(arguments: vectors.indices) func vectorsOfTheSpecification(_ index: Int) {
        let (key, message, signature) = SignatureTests.vectors[index]
        let text = SignatureTests.bytes(message)
        #expect(sg_verify(SignatureTests.bytes(key), SignatureTests.bytes(signature), text, text.count))
    }

    /// Messages of all lengths about a block of the hash; each changed bit of key, signature and message is another.
    @Test func signaturesOfSwiftCrypto() throws {
        let seed = [UInt8](0..<32)
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        let owner = [UInt8](key.publicKey.rawRepresentation)
        for length in Array(100...140) + [0, 1, 1000] {
            let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
            let signature = [UInt8](try key.signature(for: message))
            #expect(sg_verify(owner, signature, message, message.count), "\(length) bytes")
            #expect(!sg_verify(owner, signature, message + [0], message.count + 1))
            let bit = length % 8
            for (array, place) in [(0, length % 32), (1, length % 64), (1, 63)] {
                var changed = [owner, signature]
                changed[array][place] ^= 1 << UInt8(bit)
                #expect(!sg_verify(changed[0], changed[1], message, message.count), "\(length) bytes, byte \(place) of \(array)")
            }
        }
    }

    /// S + L would verify as well, and give a file a second signature.
    @Test func scalarsBeyondTheOrderAreRefused() throws {
        for (key, message, signature) in SignatureTests.vectors {
            var malleable = SignatureTests.bytes(signature)
            var carry = 0
            for place in 0..<32 {
                carry += Int(malleable[32 + place]) + Int(SignatureTests.order[place])
                malleable[32 + place] = UInt8(carry & 255)
                carry >>= 8
            }
            let text = SignatureTests.bytes(message)
            #expect(carry == 0 && !sg_verify(SignatureTests.bytes(key), malleable, text, text.count))
        }
    }

    @Test func whatIsNoPointIsNoKey() {
        // y = 2 is on no point of the curve.
        var key = [UInt8](repeating: 0, count: 32)
        key[0] = 2
        #expect(!sg_verify(key, [UInt8](repeating: 0, count: 64), [UInt8](), 0))
    }
}
