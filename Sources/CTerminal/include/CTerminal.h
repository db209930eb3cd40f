// The terminal through ncurses, in plain functions: no ncurses type, macro or global meets Swift,
// where its globals are data races and its macros do not exist. One terminal a process; every
// function except `sct_wake` belongs to the thread that opened it.
#ifndef C_TERMINAL_H
#define C_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#define SCT_CLOSED_ENUM enum __attribute__((enum_extensibility(closed)))

/// How opening ended.
typedef SCT_CLOSED_ENUM sct_status {
  SCT_OPENED,
  SCT_INPUT_IS_NO_TERMINAL,
  SCT_OUTPUT_IS_NO_TERMINAL,
  SCT_UNKNOWN_TYPE,
  SCT_CANNOT_MOVE_CURSOR,
  /// The system said no; `errno` says why.
  SCT_FAILED,
} sct_status;

/// What the terminal and the locale can do.
typedef struct sct_abilities {
  /// Colours that can be named by number: 0, 8, 16, 88 or 256. Before opening, what TERM promises.
  int colours;
  /// Colour pairs, the default pair 0 included.
  int pairs;
  /// The locale's characters are UTF-8.
  bool unicode;
} sct_abilities;

enum { SCT_BOLD = 1, SCT_DIM = 2, SCT_REVERSED = 4, SCT_UNDERLINED = 8 };

/// Marks that are drawn over one character, at most.
enum { SCT_MARKS = 2 };

/// One character cell.
typedef struct sct_cell {
  /// A code point one column wide, or two where the next cell's is 0; anything else is shown as `?`.
  uint32_t character;
  /// Combining code points drawn over it; 0 for none.
  uint32_t marks[SCT_MARKS];
  /// 0 (the terminal's own colours) or a pair given to `sct_define_pair`.
  uint16_t pair;
  /// `SCT_BOLD` and its siblings.
  uint16_t attributes;
} sct_cell;

/// What `sct_wait` found, as bits.
enum {
  SCT_INPUT = 1 << 0,
  /// `sct_wake` was called.
  SCT_WOKEN = 1 << 1,
  /// The terminal hung up: nothing more will come.
  SCT_GONE = 1 << 2,
  SCT_RESIZED = 1 << 3,
  /// Ctrl-Z: call `sct_suspend`.
  SCT_STOP = 1 << 4,
  /// Continued after a stop that could not be caught: call `sct_resume`.
  SCT_CONTINUED = 1 << 5,
  SCT_SIGINT = 1 << 6,
  SCT_SIGTERM = 1 << 7,
  SCT_SIGHUP = 1 << 8,
  SCT_SIGQUIT = 1 << 9,
};

typedef SCT_CLOSED_ENUM sct_input_kind {
  SCT_NOTHING,
  /// `value` is a code point.
  SCT_CHARACTER,
  /// `value` is an `sct_key`, or `SCT_KEY_FUNCTION + n` for the function key Fn.
  SCT_KEY,
  /// `ESC [ <` was read; the characters `b;x;yM` or `b;x;ym` follow.
  SCT_MOUSE,
  SCT_PASTE_BEGIN,
  SCT_PASTE_END,
  /// A key without a meaning here.
  SCT_UNKNOWN,
} sct_input_kind;

typedef enum sct_key {
  SCT_KEY_UP, SCT_KEY_DOWN, SCT_KEY_LEFT, SCT_KEY_RIGHT, SCT_KEY_HOME, SCT_KEY_END,
  SCT_KEY_PAGE_UP, SCT_KEY_PAGE_DOWN, SCT_KEY_INSERT, SCT_KEY_DELETE, SCT_KEY_BACKSPACE,
  SCT_KEY_BACK_TAB, SCT_KEY_ENTER, SCT_KEY_FUNCTION = 100,
} sct_key;

typedef struct sct_input {
  sct_input_kind kind;
  uint32_t value;
} sct_input;

/// What must be so before the first file is opened. Descriptors 0 to 2 that are closed are opened on
/// nothing, so that no file of the program's gets the number of standard output: writing to them
/// fails as before. Writing to a pipe that nobody reads fails instead of ending the process, and so
/// does writing more to a file than the system allows. SIGQUIT ends the process, as it ends others.
void sct_prepare_process(void);

/// Ends the process as writing to a pipe that nobody reads would have ended it. Returns where whoever
/// started the program had SIGPIPE ignored.
void sct_end_by_closed_pipe(void);

/// Whether TERM names a terminal that obeys the escape sequences for returning and clearing a line.
bool sct_redraws_lines(void);

/// Sets the process's character locale and says what TERM can do, writing nothing.
sct_status sct_probe(sct_abilities *abilities);

/// Takes the terminal over: alternate screen, keys one by one, signals as bits of `sct_wait`,
/// standard error (if a terminal) kept back until the screen closes. `colour` false asks for
/// none; `unicode` shows characters beyond ASCII whatever the locale says, as far as there is a
/// locale to show them with: `abilities` tells whether they are shown.
sct_status sct_open(bool colour, bool unicode, bool mouse, sct_abilities *abilities);

/// Gives the terminal back as it was found. Does nothing if it is not open.
void sct_close(void);

void sct_size(int *columns, int *rows);

/// Colour numbers; -1 is the terminal's default. `pair` is in 1 ..< `pairs`.
void sct_define_pair(int pair, int foreground, int background);

/// Puts `count` cells at the left end of row `row`; shown by the next `sct_refresh`.
void sct_put_row(int row, const sct_cell *cells, int count);

/// Where the cursor stands after the next `sct_refresh`; a negative column hides it.
void sct_place_cursor(int column, int row);

void sct_refresh(void);

/// Sleeps until input, a wake, a signal, or `milliseconds` have passed (negative: no limit).
unsigned sct_wait(int milliseconds);

/// The next piece of input that has arrived, never waiting for more than an escape sequence's rest.
sct_input sct_read(void);

/// Adopts the terminal's size; the next `sct_refresh` repaints everything.
void sct_adopt_size(void);

/// Gives the terminal back, stops the process group, and takes the terminal again once continued.
void sct_suspend(void);

/// Takes the terminal again after a stop that nobody announced.
void sct_resume(void);

/// Ends a `sct_wait`. The one function for any thread; cheap where a wake is already on its way.
void sct_wake(void);

/// Closes, then ends the process by that signal's default action.
void sct_end_by_signal(int signal_number);

#endif
