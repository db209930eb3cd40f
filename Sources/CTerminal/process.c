#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "CTerminal.h"
#include "guard.h"

// The system sends the signal in the writer's own name. One that somebody else sent ends the process.
static void on_closed_pipe(int number, siginfo_t *info, void *context) {
  (void)context;
  if (info->si_code <= 0 && info->si_pid == getpid()) return;
  guard_end_abruptly(number);
}

static void open_closed_descriptors(void) {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one. Not for writing: what is written here is lost, and that is to be seen.
    int opened = open("/dev/null", O_RDONLY);
    if (opened < 0) opened = open("/", O_RDONLY);
    if (opened < 0) return;
  }
}

void sct_prepare_process(void) {
  open_closed_descriptors();
  struct sigaction former, action = {.sa_sigaction = on_closed_pipe,
                                     .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGPIPE, NULL, &former) == 0 && former.sa_handler == SIG_DFL)
    sigaction(SIGPIPE, &action, NULL);
  signal(SIGXFSZ, SIG_IGN);
  // Swift's runtime takes Ctrl-\ for a crash, writes a backtrace and waits for keys.
  struct sigaction quit;
  if (sigaction(SIGQUIT, NULL, &quit) == 0 && quit.sa_handler != SIG_IGN) signal(SIGQUIT, SIG_DFL);
}

void sct_end_by_closed_pipe(void) {
  struct sigaction now;
  if (sigaction(SIGPIPE, NULL, &now) != 0 || now.sa_handler == SIG_IGN) return;
  sct_end_by_signal(SIGPIPE);
}
