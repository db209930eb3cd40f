// What must hold when the program ends in whatever way: signals, the terminal's settings, standard
// error. Knows no ncurses, since little of this may be called from a signal handler otherwise.
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>

/// Remembers the terminal's settings, to be given back. False with `errno` if it has none.
bool guard_remember_terminal(void);

/// The bytes that undo what the screen did to the terminal.
void guard_set_reset_text(const char *text, size_t length);

/// Installs the handlers (once a process for `atexit` and the eventfd). False with `errno`.
bool guard_install(void);

/// Puts the former handlers back.
void guard_remove(void);

/// The screen is up from here: an abrupt end has something to restore. Keeps standard error back.
void guard_screen_is_up(void);

/// The screen was taken down in order. Lets the kept-back standard error out.
void guard_screen_is_down(void);

/// Gives the terminal back if the screen is up, without waiting for who does not read it, and ends the process by that
/// signal's default action. For signal handlers; returns where another one is already at it.
void guard_end_abruptly(int number);

/// Whether the screen is up, false also once a crash took it down.
bool guard_is_screen_up(void);

/// Becomes readable with every signal and wake.
int guard_descriptor(void);

/// The bits of `sct_wait` that came since the last call.
unsigned guard_take_bits(void);

/// Stops the process group with the default action of SIGTSTP; returns when continued.
void guard_stop(void);

#endif
