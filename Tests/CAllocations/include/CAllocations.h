// Counts what a thread allocates: this library's malloc stands in front of the C library's in a test's program.
#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

#include <stdbool.h>

/// Blocks of memory that the calling thread has asked for so far.
long allocations_of_thread(void);

/// Whether they are counted: not in a program that is built with a sanitizer.
bool allocations_are_counted(void);

#endif
