#include <stdatomic.h>

#include "CSpikeKernels.h"

/// The level in use; 0 before anybody has asked.
static _Atomic int level_in_use;

static int level_of_processor(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return SPIKE_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return SPIKE_AVX2;
#endif
  return SPIKE_PLAIN;
}

int spike_kernel_level(void) {
  const int level = atomic_load_explicit(&level_in_use, memory_order_relaxed);
  return level ? level : spike_limit_kernels(SPIKE_AVX512);
}

int spike_limit_kernels(int most) {
  const int own = level_of_processor(), level = own < most ? own : most;
  atomic_store_explicit(&level_in_use, level, memory_order_relaxed);
  return level;
}

const char *spike_processor_features(void) {
#if defined(__x86_64__)
  switch (spike_kernel_level()) {
    case SPIKE_AVX512: return "x86-64, AVX-512 kernels";
    case SPIKE_AVX2: return "x86-64, AVX2 kernels";
    default: return "x86-64, SSE2 kernels";
  }
#elif defined(__aarch64__)
  return "arm64, NEON kernels";
#else
  return "portable kernels";
#endif
}
