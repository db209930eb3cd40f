// Eight floats at a time, in the compiler's own vector types: the widest registers that a clone has are its business.
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "clones.h"

// Every function that takes a vector is inlined, so how vectors are passed is nobody's business.
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

/// Whole numbers of a weight's grid, wrapping where they leave 32 bits.
SPIKE_INLINE v8u load8u(const int32_t *p) { return (v8u)load8i(p); }
SPIKE_INLINE void store8u(int32_t *p, v8u v) { store8i(p, (v8i)v); }
SPIKE_INLINE v8u all8u(uint32_t x) { return (v8u){x, x, x, x, x, x, x, x}; }

/// What so many steps of a grid come to. A sum that fits in a float's 24 bits stays as it is, any other is rounded once.
SPIKE_INLINE v8f on_grid8(v8u count, const float *step) {
  return load8(step) * __builtin_convertvector((v8i)count, v8f);
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
