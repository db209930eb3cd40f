#include "CSpikeKernels.h"

/// The level that the thread uses; 0 before it has asked. It is the thread's own, so that a test which limits it changes
/// nothing for others. The library is always linked into a program, where this is read in one instruction.
static _Thread_local int level_in_use __attribute__((tls_model("initial-exec")));

static int level_of_processor(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return SPIKE_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return SPIKE_AVX2;
#endif
  return SPIKE_PLAIN;
}

int spike_kernel_level(void) {
  return level_in_use ? level_in_use : spike_limit_kernels(SPIKE_AVX512);
}

int spike_limit_kernels(int most) {
  const int own = level_of_processor();
  level_in_use = own < most ? own : most;
  return level_in_use;
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
