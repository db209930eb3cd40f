#ifndef SPIDE_MPI_SHIM_H
#define SPIDE_MPI_SHIM_H

// The few calls of MPI that are needed. Its constants are macros, which Swift does not see, and a request is a pointer in one
// MPI and a number in another: here both are hidden. Where a function returns an int, it is an error of MPI's, 0 for none.

#include <mpi.h>
#include <stdlib.h>

/// Transfers that are on their way, in an array that grows.
typedef struct {
  MPI_Request *requests;
  int *free;
  int count, room, free_count;
} spide_mpi_transfers;

/// Begins, for calls from this thread alone. Errors are returned from then on, so that whoever meets one can say what it
/// was doing.
static inline int spide_mpi_begin(void) {
  int provided;
  int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  if (error) return error;
  error = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  return error ? error : provided < MPI_THREAD_FUNNELED ? MPI_ERR_OTHER : 0;
}

static inline int spide_mpi_rank(int *rank) { return MPI_Comm_rank(MPI_COMM_WORLD, rank); }
static inline int spide_mpi_size(int *size) { return MPI_Comm_size(MPI_COMM_WORLD, size); }
static inline int spide_mpi_end(void) { return MPI_Finalize(); }
static inline void spide_mpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

/// Room for a transfer: its number, or -1 where memory has run out.
static inline int spide_mpi_place(spide_mpi_transfers *transfers) {
  if (transfers->free_count > 0) return transfers->free[--transfers->free_count];
  if (transfers->count == transfers->room) {
    int room = transfers->room ? 2 * transfers->room : 64;
    void *requests = realloc(transfers->requests, room * sizeof *transfers->requests);
    if (requests) transfers->requests = (MPI_Request *)requests;
    void *places = realloc(transfers->free, room * sizeof *transfers->free);
    if (places) transfers->free = (int *)places;
    if (!requests || !places) return -1;
    transfers->room = room;
  }
  transfers->requests[transfers->count] = MPI_REQUEST_NULL;
  return transfers->count++;
}

static inline int spide_mpi_send(spide_mpi_transfers *transfers, int place, const void *bytes,
                                 int count, int to, int tag) {
  return MPI_Isend(bytes, count, MPI_BYTE, to, tag, MPI_COMM_WORLD, &transfers->requests[place]);
}

static inline int spide_mpi_receive(spide_mpi_transfers *transfers, int place, void *bytes,
                                    int count, int from, int tag) {
  return MPI_Irecv(bytes, count, MPI_BYTE, from, tag, MPI_COMM_WORLD, &transfers->requests[place]);
}

/// Whether a transfer is over; its place is free then.
static inline int spide_mpi_test(spide_mpi_transfers *transfers, int place, int *is_over) {
  int error = MPI_Test(&transfers->requests[place], is_over, MPI_STATUS_IGNORE);
  if (!error && *is_over) transfers->free[transfers->free_count++] = place;
  return error;
}

/// Sends an empty message that nobody waits for.
static inline int spide_mpi_beat(int to, int tag) {
  MPI_Request request;
  int error = MPI_Isend(NULL, 0, MPI_BYTE, to, tag, MPI_COMM_WORLD, &request);
  return error ? error : MPI_Request_free(&request);
}

/// Takes an empty message with this tag that somebody has sent so: `from` is who has sent it, -1 where there is none.
static inline int spide_mpi_take_beat(int tag, int *from) {
  int is_there = 0;
  MPI_Status status;
  *from = -1;
  int error = MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &is_there, &status);
  if (error || !is_there) return error;
  *from = status.MPI_SOURCE;
  return MPI_Recv(NULL, 0, MPI_BYTE, *from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

enum { SPIDE_MPI_TEXT = MPI_MAX_ERROR_STRING + 1 };

/// What an error means, in `SPIDE_MPI_TEXT` bytes.
static inline void spide_mpi_text(int error, char *text) {
  int length = 0;
  text[0] = 0;
  MPI_Error_string(error, text, &length);
  text[length] = 0;
}

#endif
