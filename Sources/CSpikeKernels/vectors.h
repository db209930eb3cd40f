// Eight or sixteen numbers at a time, in the compiler's own vector types: it maps them to the registers of the processor
// that a kernel is compiled for (see clones.h).
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "clones.h"

// The warning is about how vectors are passed to functions, but every function here that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

enum { LANES = 8 };

typedef float v8f __attribute__((vector_size(32)));
typedef int32_t v8i __attribute__((vector_size(32)));
typedef uint32_t v8u __attribute__((vector_size(32)));
typedef float v8f_in_memory __attribute__((vector_size(32), aligned(4)));
typedef int32_t v8i_in_memory __attribute__((vector_size(32), aligned(4)));
typedef bool v8b __attribute__((ext_vector_type(8)));

SPIKE_INLINE v8f load8(const float *p) { return *(const v8f_in_memory *)p; }
SPIKE_INLINE void store8(float *p, v8f v) { *(v8f_in_memory *)p = v; }
SPIKE_INLINE v8i load8i(const int32_t *p) { return *(const v8i_in_memory *)p; }
SPIKE_INLINE void store8i(int32_t *p, v8i v) { *(v8i_in_memory *)p = v; }
SPIKE_INLINE v8i all8i(int32_t x) { return (v8i){x, x, x, x, x, x, x, x}; }
SPIKE_INLINE v8f all8(float x) { return (v8f){x, x, x, x, x, x, x, x}; }

typedef float v16f __attribute__((vector_size(64)));
typedef int32_t v16i __attribute__((vector_size(64)));
typedef uint32_t v16u __attribute__((vector_size(64)));
typedef float v16f_in_memory __attribute__((vector_size(64), aligned(4)));
typedef uint32_t v16u_in_memory __attribute__((vector_size(64), aligned(4)));
typedef bool v16b __attribute__((ext_vector_type(16)));

SPIKE_INLINE v16u load16u(const int32_t *p) { return *(const v16u_in_memory *)p; }
SPIKE_INLINE void store16u(int32_t *p, v16u v) { *(v16u_in_memory *)p = v; }
SPIKE_INLINE v16f all16(float x) {
  return (v16f){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

// Neurons go sixteen at a time. Where a panel ends with eight, `lanes` is 8 instead of 16: the upper lanes are 0 and are not
// stored.

SPIKE_INLINE v16f join8(v8f a, v8f b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
SPIKE_INLINE v16u join8u(v8u a, v8u b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
SPIKE_INLINE v16f load16(const float *p, const int lanes) {
  return lanes == 16 ? *(const v16f_in_memory *)p : join8(load8(p), all8(0));
}
SPIKE_INLINE void store16(float *p, v16f v, const int lanes) {
  if (lanes == 16) {
    *(v16f_in_memory *)p = v;
  } else {
    store8(p, __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7));
  }
}

/// One bit for each lane of a comparison.
SPIKE_INLINE uint16_t bits16(v16i comparison) {
  v16b lanes = __builtin_convertvector(comparison, v16b);
  uint16_t bits;
  memcpy(&bits, &lanes, 2);
  return bits;
}

SPIKE_INLINE uint16_t load_bits16(const uint8_t *p, const int lanes) {
  uint16_t bits = 0;
  memcpy(&bits, p, lanes / 8);
  return bits;
}
SPIKE_INLINE void store_bits16(uint8_t *p, uint16_t bits, const int lanes) {
  memcpy(p, &bits, lanes / 8);
}

/// All ones in the lanes whose bit is set.
SPIKE_INLINE v16i lanes16(uint16_t bits) {
  v16b lanes;
  memcpy(&lanes, &bits, 2);
  return -__builtin_convertvector(lanes, v16i);
}

/// `x` in the lanes that are all ones, 0 elsewhere.
SPIKE_INLINE v16f where16(v16i lanes, v16f x) { return (v16f)((v16i)x & lanes); }

/// Sums of quantised weights, wrapping where they leave 32 bits.
SPIKE_INLINE v8u load8u(const int32_t *p) { return (v8u)load8i(p); }
SPIKE_INLINE void store8u(int32_t *p, v8u v) { store8i(p, (v8i)v); }
SPIKE_INLINE v8u all8u(uint32_t x) { return (v8u){x, x, x, x, x, x, x, x}; }

/// Sixteen of them, or eight and zeros.
SPIKE_INLINE v16u load16i(const int32_t *p, const int lanes) {
  return lanes == 16 ? load16u(p) : join8u(load8u(p), all8u(0));
}

/// Loads sums, and sets them to 0 in memory.
SPIKE_INLINE v16u take16u(int32_t *p, const int lanes) {
  const v16u taken = load16i(p, lanes);
  if (lanes == 16) {
    store16u(p, (v16u){0});
  } else {
    store8u(p, all8u(0));
  }
  return taken;
}

/// Adds to what is in memory.
SPIKE_INLINE void add16u(int32_t *p, v16u v, const int lanes) {
  if (lanes == 16) {
    store16u(p, load16u(p) + v);
  } else {
    store8u(p, load8u(p) + __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7));
  }
}

/// Whole numbers times their scale. One of up to 24 bits is exact as a float, any other is rounded once.
SPIKE_INLINE v16f dequantise16(v16u count, v16f scale) {
  return scale * __builtin_convertvector((v16i)count, v16f);
}

/// One bit for each lane of a comparison.
SPIKE_INLINE uint8_t bits8(v8i comparison) {
  v8b lanes = __builtin_convertvector(comparison, v8b);
  uint8_t bits;
  memcpy(&bits, &lanes, 1);
  return bits;
}

/// All ones in the lanes whose bit is set.
SPIKE_INLINE v8i lanes8(uint8_t bits) {
  const v8i each = {1, 2, 4, 8, 16, 32, 64, 128};
  int32_t b = bits;
  return ((v8i){b, b, b, b, b, b, b, b} & each) != 0;
}

/// `x` in the lanes that are all ones, 0 elsewhere.
SPIKE_INLINE v8f where8(v8i lanes, v8f x) { return (v8f)((v8i)x & lanes); }

#endif
