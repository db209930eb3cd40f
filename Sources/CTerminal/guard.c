#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "CTerminal.h"

static const int crash_signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
enum { crash_count = sizeof crash_signals / sizeof *crash_signals };

static const struct {
  int number;
  unsigned bit;
} loop_signals[] = {
    {SIGINT, SCT_SIGINT},    {SIGTERM, SCT_SIGTERM}, {SIGHUP, SCT_SIGHUP},
    {SIGQUIT, SCT_SIGQUIT},  {SIGTSTP, SCT_STOP},    {SIGCONT, SCT_CONTINUED},
    {SIGWINCH, SCT_RESIZED},
};
enum { loop_count = sizeof loop_signals / sizeof *loop_signals };
static const unsigned deadly_bits = SCT_SIGINT | SCT_SIGTERM | SCT_SIGHUP | SCT_SIGQUIT;
// After these the process ends whatever its owner says, so nothing may hold the end up.
static const unsigned ending_bits = SCT_SIGTERM | SCT_SIGHUP | SCT_SIGQUIT;
enum { seconds_to_end = 1 };

static struct sigaction former_crash[crash_count], former_loop[loop_count], former_other[_NSIG];
static bool is_other_ours[_NSIG];
static bool is_installed;

// While a signal's handler gives the terminal back, another signal must not end the process before that is done.
enum { screen_down, screen_up, giving_back };
static atomic_int screen_state;
static atomic_uint pending_bits;
// The signal by which the process is to end; 0 before one has come.
static atomic_int ending_signal;
static int event_descriptor = -1;

static struct termios found_settings;
static char reset_text[1024];
static size_t reset_length;

static int true_error_descriptor = -1, kept_error_descriptor = -1;

// Everything down to `on_signal` may run inside a signal handler: only async-signal-safe calls.

// Waits only as long as somebody reads. Where nobody does and it `is_reset`, what the terminal was still to show makes room,
// once. The reset begins again where only a part of it had room: what another thread writes at the time could come between
// the parts of a sequence, and telling the terminal twice does no harm.
static void write_in_time(int descriptor, const char *text, size_t length, bool is_reset) {
  enum { most_waits = 3, milliseconds = 100, most_beginnings = 8 };
  bool may_discard = is_reset;
  int beginnings = is_reset ? most_beginnings : 0;
  int flags = fcntl(descriptor, F_GETFL), waits = 0;
  if (flags >= 0) fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  for (size_t done = 0; done < length;) {
    ssize_t written = write(descriptor, text + done, length - done);
    if (written > 0) {
      done += (size_t)written;
      waits = 0;
      if (done < length && beginnings-- > 0) done = 0;
    } else if (written < 0 && errno != EAGAIN && errno != EINTR) {
      break;  // A dead terminal has nothing to be restored.
    } else if (waits++ < most_waits) {
      struct pollfd room = {.fd = descriptor, .events = POLLOUT};
      poll(&room, 1, milliseconds);
    } else if (may_discard) {
      may_discard = false;
      tcflush(descriptor, TCOFLUSH);
      done = 0;
      waits = 0;
    } else {
      break;
    }
  }
  if (flags >= 0) fcntl(descriptor, F_SETFL, flags);
}

static void release_standard_error(void) {
  if (kept_error_descriptor < 0) return;
  dup2(true_error_descriptor, STDERR_FILENO);
  char text[4096];
  lseek(kept_error_descriptor, 0, SEEK_SET);
  for (ssize_t length; (length = read(kept_error_descriptor, text, sizeof text)) > 0;)
    write_in_time(STDERR_FILENO, text, (size_t)length, false);
  close(kept_error_descriptor);
  close(true_error_descriptor);
  kept_error_descriptor = true_error_descriptor = -1;
}

static void restore_abruptly(void) {
  int expected = screen_up;
  if (!atomic_compare_exchange_strong(&screen_state, &expected, giving_back)) return;
  write_in_time(STDOUT_FILENO, reset_text, reset_length, true);
  tcsetattr(STDOUT_FILENO, TCSANOW, &found_settings);
  release_standard_error();
  atomic_store(&screen_state, screen_down);
}

static void end_by_default(int number) {
  signal(number, SIG_DFL);
  raise(number);
}

void guard_end_abruptly(int number) {
  if (atomic_load(&screen_state) == giving_back) return;  // Whoever does so ends the process.
  restore_abruptly();
  end_by_default(number);
}

static void on_crash(int number, siginfo_t *info, void *context) {
  restore_abruptly();
  // Swift's backtracer, the former handler, would ask for a key and wait for it.
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  for (int i = 0; i < crash_count; ++i) {
    const struct sigaction *former = &former_crash[i];
    if (crash_signals[i] != number) continue;
    if (former->sa_flags & SA_SIGINFO)
      former->sa_sigaction(number, info, context);
    else if (former->sa_handler != SIG_DFL && former->sa_handler != SIG_IGN)
      former->sa_handler(number);
  }
  // A fault comes again by itself when this returns; a signal that was sent does not.
  signal(number, SIG_DFL);
  if (info->si_code <= 0) raise(number);
}

static void on_signal(int number) {
  int error = errno;
  for (int i = 0; i < loop_count; ++i) {
    if (loop_signals[i].number != number) continue;
    unsigned bit = loop_signals[i].bit;
    unsigned before = atomic_fetch_or(&pending_bits, bit);
    // With the screen down, or a first signal still unanswered, nobody is listening: end now.
    if ((bit & deadly_bits) && (!guard_is_screen_up() || (before & bit)))
      guard_end_abruptly(number);
    if (bit & ending_bits) {
      // The loop may be held up, by a terminal that nobody reads for one: `on_other` then ends the process.
      atomic_store(&ending_signal, number);
      alarm(seconds_to_end);
    }
    eventfd_write(event_descriptor, 1);
  }
  errno = error;
}

// Signals that nobody waits for, and the alarm that `on_signal` sets.
static void on_other(int number) {
  if (number == SIGALRM) {
    int ending = atomic_load(&ending_signal);
    if (ending == 0 && former_other[SIGALRM].sa_handler == SIG_IGN) return;
    if (ending != 0) number = ending;
  }
  guard_end_abruptly(number);
}

void sct_wake(void) {
  if (event_descriptor < 0) return;
  if (!(atomic_fetch_or(&pending_bits, SCT_WOKEN) & SCT_WOKEN)) eventfd_write(event_descriptor, 1);
}

bool guard_remember_terminal(void) { return tcgetattr(STDOUT_FILENO, &found_settings) == 0; }

void guard_set_reset_text(const char *text, size_t length) {
  reset_length = length < sizeof reset_text ? length : sizeof reset_text;
  memcpy(reset_text, text, reset_length);
}

static bool prepare_process(void) {
  if (event_descriptor >= 0) return true;
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) return false;
  if (atexit(restore_abruptly) != 0) {
    close(descriptor);
    return false;
  }
  event_descriptor = descriptor;  // Never closed: another thread may be about to wake.
  return true;
}

// A stack overflow leaves no room for a handler on the stack that overflowed.
static bool has_signal_stack(void) {
  stack_t stack;
  if (sigaltstack(NULL, &stack) != 0) return false;
  size_t wanted = 64 * 1024;
  if (!(stack.ss_flags & SS_DISABLE) && stack.ss_size >= wanted) return true;
  stack = (stack_t){.ss_sp = malloc(wanted), .ss_size = wanted};  // Kept as long as the thread.
  return stack.ss_sp != NULL && sigaltstack(&stack, NULL) == 0;
}

// Whether a signal's default action ends the process, and neither table above has it.
static bool is_other_end(int number) {
  static const int harmless[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGURG, SIGTTIN, SIGTTOU};
  for (size_t i = 0; i < sizeof harmless / sizeof *harmless; ++i)
    if (harmless[i] == number) return false;
  for (int i = 0; i < crash_count; ++i)
    if (crash_signals[i] == number) return false;
  for (int i = 0; i < loop_count; ++i)
    if (loop_signals[i].number == number) return false;
  return true;
}

static void install_other(sigset_t *wanted) {
  struct sigaction action = {.sa_handler = on_other, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int number = 1; number < _NSIG; ++number) {
    is_other_ours[number] = false;
    if (!is_other_end(number) || sigaction(number, NULL, &former_other[number]) != 0) continue;
    // Who ignores a signal or handles it in a way of their own goes on doing so.
    if (number != SIGALRM && former_other[number].sa_handler != SIG_DFL) continue;
    is_other_ours[number] = sigaction(number, &action, NULL) == 0;
    if (is_other_ours[number]) sigaddset(wanted, number);
  }
}

bool guard_install(void) {
  if (is_installed) return true;
  if (!prepare_process() || !has_signal_stack()) return false;
  atomic_store(&pending_bits, 0);
  atomic_store(&ending_signal, 0);
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < crash_count; ++i) sigaction(crash_signals[i], &action, &former_crash[i]);

  action = (struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigset_t wanted;
  sigemptyset(&action.sa_mask);
  sigemptyset(&wanted);
  for (int i = 0; i < loop_count; ++i) {
    int number = loop_signals[i].number;
    sigaction(number, NULL, &former_loop[i]);
    // Who was started with a signal ignored (nohup) wants it ignored.
    if (former_loop[i].sa_handler == SIG_IGN) continue;
    sigaction(number, &action, NULL);
    sigaddset(&wanted, number);
  }
  install_other(&wanted);
  pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
  is_installed = true;
  return true;
}

void guard_remove(void) {
  if (!is_installed) return;
  for (int i = 0; i < crash_count; ++i) sigaction(crash_signals[i], &former_crash[i], NULL);
  for (int i = 0; i < loop_count; ++i) sigaction(loop_signals[i].number, &former_loop[i], NULL);
  alarm(0);
  for (int number = 1; number < _NSIG; ++number)
    if (is_other_ours[number]) sigaction(number, &former_other[number], NULL);
  is_installed = false;
}

void guard_screen_is_up(void) {
  if (isatty(STDERR_FILENO) && kept_error_descriptor < 0) {
    int true_one = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    int kept = memfd_create("standard-error", MFD_CLOEXEC);
    if (true_one >= 0 && kept >= 0 && dup2(kept, STDERR_FILENO) >= 0) {
      true_error_descriptor = true_one;
      kept_error_descriptor = kept;
    } else {  // Messages then land on the screen: ugly, not fatal.
      if (true_one >= 0) close(true_one);
      if (kept >= 0) close(kept);
    }
  }
  atomic_store(&screen_state, screen_up);
}

void guard_screen_is_down(void) {
  int expected = screen_up;
  if (atomic_compare_exchange_strong(&screen_state, &expected, screen_down))
    release_standard_error();
}

bool guard_is_screen_up(void) { return atomic_load(&screen_state) == screen_up; }

int guard_descriptor(void) { return event_descriptor; }

unsigned guard_take_bits(void) {
  eventfd_t count;
  eventfd_read(event_descriptor, &count);  // Before the bits: a later bit makes it readable again.
  return atomic_exchange(&pending_bits, 0);
}

void guard_stop(void) {
  struct sigaction ours, standard = {.sa_handler = SIG_DFL};
  sigemptyset(&standard.sa_mask);
  sigaction(SIGTSTP, &standard, &ours);
  kill(0, SIGTSTP);  // The process sleeps in this call.
  sigaction(SIGTSTP, &ours, NULL);
  atomic_fetch_and(&pending_bits, ~(unsigned)(SCT_STOP | SCT_CONTINUED));
}

void sct_end_by_signal(int number) {
  sct_close();
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, number);
  pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
  end_by_default(number);
}
