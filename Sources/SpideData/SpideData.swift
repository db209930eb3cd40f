// Data sets, weights and metrics on disk.
