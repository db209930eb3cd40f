#include "CSpikeKernels.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define SPIKE_SANITIZED 1
#endif
#endif

void spike_forbid(const void *memory, int64_t bytes) {
#ifdef SPIKE_SANITIZED
  __asan_poison_memory_region(memory, (size_t)bytes);
#else
  (void)memory, (void)bytes;
#endif
}

void spike_permit(const void *memory, int64_t bytes) {
#ifdef SPIKE_SANITIZED
  __asan_unpoison_memory_region(memory, (size_t)bytes);
#else
  (void)memory, (void)bytes;
#endif
}
