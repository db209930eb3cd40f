#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "CTerminal.h"
#include "guard.h"

// Last: it makes macros of everyday words such as `columns` and `lines`.
#include <term.h>

// Codes for the sequences that terminfo does not know, above every key of its own.
enum { KEY_SGR_MOUSE = KEY_MAX + 5000, KEY_PASTE_BEGIN, KEY_PASTE_END };

static SCREEN *screen;
static WINDOW *keys;  // A pad: reading from a window of the screen would also repaint it.
static cchar_t *row_buffer;
static int row_capacity;
static bool shows_unicode, wants_mouse, speaks_ansi;
static int cursor_column = -1, cursor_row;

static const char mouse_on[] = "\033[?1000;1002;1006h", mouse_off[] = "\033[?1006;1002;1000l";
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static bool is_locale_unicode(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

static const char *capability(const char *name) {
  const char *text = tigetstr((char *)name);
  return text == (const char *)-1 ? NULL : text;
}

sct_status sct_probe(sct_abilities *abilities) {
  setlocale(LC_CTYPE, "");
  *abilities = (sct_abilities){.unicode = is_locale_unicode()};
  if (!isatty(STDIN_FILENO)) return SCT_INPUT_IS_NO_TERMINAL;
  if (!isatty(STDOUT_FILENO)) return SCT_OUTPUT_IS_NO_TERMINAL;
  int found = 0;
  if (setupterm(NULL, STDOUT_FILENO, &found) != OK)
    return found == 1 ? SCT_CANNOT_MOVE_CURSOR : SCT_UNKNOWN_TYPE;
  const char *move = capability("cup");
  speaks_ansi = move != NULL && strncmp(move, "\033[", 2) == 0;
  int colours = tigetnum("colors"), pairs = tigetnum("pairs");
  // Where a colour number is an RGB value, only the first eight are colours of the palette.
  bool is_direct = tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || capability("RGB") != NULL;
  abilities->colours = colours <= 0 ? 0 : is_direct && colours > 256 ? 8 : colours;
  abilities->pairs = pairs <= 0 ? 0 : pairs > 32767 ? 32767 : pairs;
  del_curterm(cur_term);
  return move == NULL ? SCT_CANNOT_MOVE_CURSOR : SCT_OPENED;
}

bool sct_redraws_lines(void) {
  int found = 0;
  if (setupterm(NULL, STDERR_FILENO, &found) != OK) return false;
  const char *move = capability("cup"), *clear = capability("el");
  bool obeys = move != NULL && strncmp(move, "\033[", 2) == 0 && clear != NULL;
  del_curterm(cur_term);
  return obeys;
}

static void write_text(const char *text) {
  size_t length = strlen(text);
  while (length > 0) {
    ssize_t written = write(STDOUT_FILENO, text, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // The next poll tells of a dead terminal.
    text += written;
    length -= (size_t)written;
  }
}

static void write_modes(bool on) {
  if (!speaks_ansi) return;
  if (wants_mouse) write_text(on ? mouse_on : mouse_off);
  write_text(on ? paste_on : paste_off);
}

// Appends a capability without its `$<milliseconds>` marks.
static size_t append(char *buffer, size_t length, size_t capacity, const char *text) {
  while (text != NULL && *text != 0 && length < capacity) {
    if (text[0] == '$' && text[1] == '<' && strchr(text, '>') != NULL)
      text = strchr(text, '>') + 1;
    else
      buffer[length++] = *text++;
  }
  return length;
}

static void prepare_reset_text(void) {
  char text[512];
  size_t length = 0, capacity = sizeof text;
  if (speaks_ansi) {
    length = append(text, length, capacity, mouse_off);
    length = append(text, length, capacity, paste_off);
  }
  static const char *const names[] = {"rmacs", "sgr0", "op", "cnorm", "rmkx"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    length = append(text, length, capacity, capability(names[i]));
  const char *leave = capability("rmcup"), *move = capability("cup");
  if (leave != NULL) {
    length = append(text, length, capacity, leave);
  } else {  // No second screen to leave: write on below the picture.
    length = append(text, length, capacity, tiparm(move, LINES - 1, 0));
    length = append(text, length, capacity, "\r\n");
  }
  guard_set_reset_text(text, length);
}

static void take_keys_one_by_one(void) {
  cbreak();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  // Ctrl-S, Ctrl-Q and Ctrl-V are keys like others here; Ctrl-C and Ctrl-Z stay signals.
  struct termios settings;
  if (tcgetattr(STDOUT_FILENO, &settings) == 0) {
    settings.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
    settings.c_cc[VLNEXT] = _POSIX_VDISABLE;
    tcsetattr(STDOUT_FILENO, TCSANOW, &settings);
  }
  def_prog_mode();
  keypad(keys, TRUE);
  nodelay(keys, TRUE);
  set_escdelay(25);
  define_key("\033[<", KEY_SGR_MOUSE);
  define_key("\033[200~", KEY_PASTE_BEGIN);
  define_key("\033[201~", KEY_PASTE_END);
}

static bool start_screen(bool colour, sct_abilities *abilities) {
  screen = newterm(NULL, stdout, stdin);
  if (screen == NULL) return false;
  keys = newpad(1, 1);
  if (keys == NULL) return false;
  bool has_palette = colour && abilities->colours > 0 && start_color() == OK;
  if (has_palette) {
    use_default_colors();
    if (COLORS < abilities->colours) abilities->colours = COLORS;
    if (COLOR_PAIRS < abilities->pairs) abilities->pairs = COLOR_PAIRS;
  } else {
    abilities->colours = abilities->pairs = 0;
  }
  take_keys_one_by_one();
  prepare_reset_text();
  return true;
}

static void show_cursor(void) {
  bool is_shown = cursor_column >= 0;
  leaveok(stdscr, !is_shown);
  curs_set(is_shown);
  if (is_shown) wmove(stdscr, cursor_row, cursor_column);
}

sct_status sct_open(bool colour, bool unicode, bool mouse, sct_abilities *abilities) {
  sct_status status = sct_probe(abilities);
  if (status != SCT_OPENED || screen != NULL) return status;
  if (unicode && !abilities->unicode) setlocale(LC_CTYPE, "C.UTF-8");
  shows_unicode = unicode && is_locale_unicode();
  abilities->unicode = shows_unicode;
  wants_mouse = mouse;
  if (!guard_remember_terminal() || !guard_install()) return SCT_FAILED;
  if (!start_screen(colour, abilities)) {
    int error = errno;
    sct_close();
    errno = error;
    return SCT_FAILED;
  }
  guard_screen_is_up();
  cursor_column = -1;
  sct_adopt_size();
  show_cursor();
  wrefresh(stdscr);
  write_modes(true);
  return SCT_OPENED;
}

static void take_down(void) {
  if (!guard_is_screen_up()) return;
  write_modes(false);
  curs_set(1);
  endwin();
  guard_screen_is_down();
}

void sct_close(void) {
  take_down();
  if (keys != NULL) delwin(keys);
  if (screen != NULL) {
    if (!isendwin()) endwin();
    delscreen(screen);
  }
  keys = NULL;
  screen = NULL;
  free(row_buffer);
  row_buffer = NULL;
  row_capacity = 0;
  guard_remove();
}

void sct_size(int *width, int *height) {
  *width = screen == NULL ? 0 : COLS;
  *height = screen == NULL ? 0 : LINES;
}

void sct_define_pair(int pair, int foreground, int background) {
  init_pair((short)pair, (short)foreground, (short)background);
}

static bool is_shown(uint32_t character, int span) {
  if (character >= 0x20 && character < 0x7f) return span == 1;
  return shows_unicode && wcwidth((wchar_t)character) == span;
}

// The text of a cell that takes so many columns, and their number: 1 where a `?` stands for it.
static int fill_text(wchar_t text[SCT_MARKS + 2], const sct_cell *cell, int span) {
  int length = 1;
  if (!is_shown(cell->character, span)) {
    text[0] = cell->character == 0 ? L' ' : L'?';
    span = 1;
  } else {
    text[0] = (wchar_t)cell->character;
    for (int i = 0; i < SCT_MARKS; ++i)
      if (cell->marks[i] != 0 && is_shown(cell->marks[i], 0)) text[length++] = (wchar_t)cell->marks[i];
  }
  text[length] = 0;
  return span;
}

void sct_put_row(int row, const sct_cell *cells, int count) {
  if (count > COLS) count = COLS;
  if (row < 0 || row >= LINES || count <= 0) return;
  if (count > row_capacity) {
    cchar_t *larger = realloc(row_buffer, (size_t)count * sizeof *larger);
    if (larger == NULL) return;
    row_buffer = larger;
    row_capacity = count;
  }
  int filled = 0;  // A wide character has one entry for its two cells.
  for (int i = 0; i < count; ++i) {
    unsigned given = cells[i].attributes;
    attr_t attributes = (given & SCT_BOLD ? A_BOLD : 0) | (given & SCT_DIM ? A_DIM : 0) |
                        (given & SCT_REVERSED ? A_REVERSE : 0) |
                        (given & SCT_UNDERLINED ? A_UNDERLINE : 0);
    wchar_t text[SCT_MARKS + 2];
    bool is_wide = i + 1 < count && cells[i].character != 0 && cells[i + 1].character == 0;
    if (fill_text(text, &cells[i], is_wide ? 2 : 1) == 2) ++i;
    setcchar(&row_buffer[filled++], text, attributes, (short)cells[i].pair, NULL);
  }
  mvwadd_wchnstr(stdscr, row, 0, row_buffer, filled);
}

void sct_place_cursor(int column, int row) {
  cursor_column = column < COLS ? column : COLS - 1;
  cursor_row = row < LINES ? row : LINES - 1;
}

void sct_refresh(void) {
  if (!guard_is_screen_up()) return;
  show_cursor();
  wrefresh(stdscr);
}

unsigned sct_wait(int milliseconds) {
  // Another thread crashed and its handler gave the terminal back: draw and read no more.
  while (!guard_is_screen_up()) pause();
  struct pollfd sources[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = guard_descriptor(), .events = POLLIN}};
  if (poll(sources, 2, milliseconds) < 0 && errno != EINTR) return SCT_GONE;
  unsigned bits = guard_take_bits();
  if (sources[0].revents & POLLIN) bits |= SCT_INPUT;
  if (sources[0].revents & (POLLHUP | POLLERR | POLLNVAL)) bits |= SCT_GONE;
  return bits;
}

static bool known_key(wint_t code, uint32_t *key) {
  static const struct {
    int code;
    sct_key key;
  } table[] = {
      {KEY_UP, SCT_KEY_UP},           {KEY_DOWN, SCT_KEY_DOWN},
      {KEY_LEFT, SCT_KEY_LEFT},       {KEY_RIGHT, SCT_KEY_RIGHT},
      {KEY_HOME, SCT_KEY_HOME},       {KEY_END, SCT_KEY_END},
      {KEY_PPAGE, SCT_KEY_PAGE_UP},   {KEY_NPAGE, SCT_KEY_PAGE_DOWN},
      {KEY_IC, SCT_KEY_INSERT},       {KEY_DC, SCT_KEY_DELETE},
      {KEY_BACKSPACE, SCT_KEY_BACKSPACE}, {KEY_BTAB, SCT_KEY_BACK_TAB},
      {KEY_ENTER, SCT_KEY_ENTER},     {KEY_A1, SCT_KEY_HOME},
      {KEY_A3, SCT_KEY_PAGE_UP},      {KEY_C1, SCT_KEY_END},
      {KEY_C3, SCT_KEY_PAGE_DOWN},    {KEY_SR, SCT_KEY_UP},
      {KEY_SF, SCT_KEY_DOWN},         {KEY_SLEFT, SCT_KEY_LEFT},
      {KEY_SRIGHT, SCT_KEY_RIGHT},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i)
    if (table[i].code == (int)code) return *key = table[i].key, true;
  if (code > KEY_F0 && code <= KEY_F(63)) return *key = SCT_KEY_FUNCTION + (code - KEY_F0), true;
  return false;
}

sct_input sct_read(void) {
  wint_t code = 0;
  uint32_t key = 0;
  switch (wget_wch(keys, &code)) {
    case OK:
      return (sct_input){SCT_CHARACTER, code};
    case KEY_CODE_YES:
      if (code == KEY_SGR_MOUSE) return (sct_input){SCT_MOUSE, 0};
      if (code == KEY_PASTE_BEGIN) return (sct_input){SCT_PASTE_BEGIN, 0};
      if (code == KEY_PASTE_END) return (sct_input){SCT_PASTE_END, 0};
      if (known_key(code, &key)) return (sct_input){SCT_KEY, key};
      return (sct_input){SCT_UNKNOWN, 0};
    default:
      return (sct_input){SCT_NOTHING, 0};
  }
}

void sct_adopt_size(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return;
  if (size.ws_row != LINES || size.ws_col != COLS) resizeterm(size.ws_row, size.ws_col);
  // A terminal that became smaller and large again between two looks has lost what it showed.
  clearok(curscr, true);
}

static void take_up(void) {
  // Stops here while in the background, before there is anything to restore.
  reset_prog_mode();
  guard_screen_is_up();
  sct_adopt_size();
  show_cursor();
  wrefresh(stdscr);
  write_modes(true);
}

void sct_suspend(void) {
  take_down();
  guard_stop();
  take_up();
}

void sct_resume(void) {
  take_down();
  take_up();
}
