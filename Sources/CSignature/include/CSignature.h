// Verification of Ed25519 signatures, small enough for a board's program.
#ifndef CSIGNATURE_H
#define CSIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether `signature` is one of `message` by the owner of `key` (RFC 8032, Ed25519). A signature whose scalar is not below the group's
/// order is none.
bool sg_verify(const uint8_t key[32], const uint8_t signature[64], const void *message, size_t count);

/// The key in a PEM file of `count` bytes, as OpenSSL writes a public one. False where there is none.
bool sg_read_key(const void *text, size_t count, uint8_t key[32]);

#endif
