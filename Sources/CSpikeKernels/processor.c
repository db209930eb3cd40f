#include "CSpikeKernels.h"

const char *spike_processor_features(void) {
#if defined(__x86_64__) && defined(__linux__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64, AVX-512 kernels";
  if (__builtin_cpu_supports("x86-64-v3")) return "x86-64, AVX2 kernels";
  return "x86-64, SSE2 kernels";
#elif defined(__aarch64__)
  return "arm64, NEON kernels";
#else
  return "portable kernels";
#endif
}
