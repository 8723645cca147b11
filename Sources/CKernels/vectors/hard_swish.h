// The gate of hard-swish on lanes, for the float32 and the int8 kernels. Included after lanes_*.h.
#ifndef CKERNELS_HARD_SWISH_H
#define CKERNELS_HARD_SWISH_H

/// clamp(x + 3, 0, 6). Limiting x to between -3 and 3 first gives the same bits, and is a single instruction on AVX-512.
INLINE lanes lanes_gate(lanes x) { return lanes_add(lanes_limit(x, lanes_set(3.0f)), lanes_set(3.0f)); }

#endif
