// Run-time dispatch: the loader picks the widest clone that the processor has. Contraction is off in
// every file that includes this, so the clones differ in speed only.
#ifndef CLONES_H
#define CLONES_H

#if defined(__x86_64__) && defined(__linux__)
#define SPIKE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SPIKE_CLONES
#endif

#define SPIKE_INLINE static inline __attribute__((always_inline))

#pragma STDC FP_CONTRACT OFF

#endif
