// Run-time dispatch: a kernel is compiled for several processors, and the widest that this one has runs. Contraction is
// off in every file that includes this, so the clones differ in speed only.
#ifndef CLONES_H
#define CLONES_H

#include "CSpikeKernels.h"

#define SPIKE_INLINE static inline __attribute__((always_inline))

/// Defines a kernel; its body follows: SPIKE_KERNEL(void, name, (int32_t a, float *b), (a, b)) { … }
#if defined(__x86_64__)
#define SPIKE_KERNEL(RETURNS, NAME, PARAMETERS, ARGUMENTS)                                       \
  SPIKE_INLINE RETURNS NAME##_body PARAMETERS;                                                   \
  __attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static RETURNS                \
      NAME##_avx512 PARAMETERS {                                                                 \
    return NAME##_body ARGUMENTS;                                                                \
  }                                                                                              \
  __attribute__((target("arch=x86-64-v3"))) static RETURNS NAME##_avx2 PARAMETERS {              \
    return NAME##_body ARGUMENTS;                                                                \
  }                                                                                              \
  static RETURNS NAME##_plain PARAMETERS { return NAME##_body ARGUMENTS; }                       \
  RETURNS NAME PARAMETERS {                                                                      \
    switch (spike_kernel_level()) {                                                              \
      case SPIKE_AVX512: return NAME##_avx512 ARGUMENTS;                                         \
      case SPIKE_AVX2: return NAME##_avx2 ARGUMENTS;                                             \
      default: return NAME##_plain ARGUMENTS;                                                    \
    }                                                                                            \
  }                                                                                              \
  SPIKE_INLINE RETURNS NAME##_body PARAMETERS
#else
#define SPIKE_KERNEL(RETURNS, NAME, PARAMETERS, ARGUMENTS) RETURNS NAME PARAMETERS
#endif

#pragma STDC FP_CONTRACT OFF

#endif
