// The `readline` module: editing of lines on the console and their history, by libedit, which is loaded when the module is
// imported. input() finds `_input` here. ref: the library's reference, `readline`; editline/readline.h.
#include <dlfcn.h>
#include <editline/readline.h>
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/os_support.h"

namespace krait::modules {

namespace {
#define LIBEDIT(X)                                                                                                              \
  X(rl_initialize) X(rl_readline_name) X(rl_library_version) X(rl_line_buffer) X(rl_end) X(rl_startup_hook) X(rl_pre_input_hook) \
  X(rl_completer_word_break_characters) X(rl_attempted_completion_function) X(rl_attempted_completion_over)                       \
  X(rl_completion_type) X(rl_completion_append_character) X(rl_completion_matches) X(rl_parse_and_bind) X(rl_read_init_file)      \
  X(rl_insert_text) X(rl_redisplay) X(rl_callback_handler_install) X(rl_callback_handler_remove) X(rl_callback_read_char)         \
  X(rl_catch_signals) X(rl_instream) X(rl_outstream) X(rl_bind_key) X(rl_complete) X(rl_insert) X(rl_completion_display_matches_hook) \
  X(add_history) X(clear_history) X(read_history) X(write_history) X(append_history) X(history_truncate_file)    \
  X(history_get) X(history_get_history_state) X(remove_history) X(replace_history_entry) X(history_base)

// The functions and variables of the library, as pointers to them.
struct Library {
#define MEMBER(name) decltype(&::name) name;
  LIBEDIT(MEMBER)
#undef MEMBER
};
Library edit;

const char* load() {
  static void* library = nullptr;
  if (library != nullptr) return nullptr;
  library = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return "libedit.so.2 is not installed";
#define FIND(name)                                                         \
  edit.name = reinterpret_cast<decltype(&::name)>(dlsym(library, #name)); \
  if (edit.name == nullptr) return "libedit.so.2 lacks " #name;
  LIBEDIT(FIND)
#undef FIND
  return nullptr;
}

enum Hook { kStartup, kPreInput, kCompleter, kDisplay, kHookCount };
Value hooks[kHookCount];  // owned; Undefined for none
int64_t history_limit = -1;
bool keeps_history = true;
int begin_of_word = 0, end_of_word = 0;
std::string delimiters;
int replaced_from = 0;  // the position of the first entry where one is replaced or appended: releases of the library differ
bool has_line = false;
char* finished_line = nullptr;

// A hook without arguments: what it returns as an int, 0 after an exception, which is told.
int runHook_py(Hook hook) {
  Thread& t = *current_thread;
  if (hooks[hook].isUndefined()) return 0;
  Ref held = Ref::of(hooks[hook]);
  Ref result = callArgs_py(t, held.get());
  int number = 0;
  if (result && !result.get().isNone()) {
    auto value = toCInt_py(t, result.get());
    if (!value.raised()) number = value.value;
  }
  if (isPending(t)) writeUnraisable_py(t, "Exception ignored in a hook of readline: ", held.get());
  return number;
}
int startupHook() { return runHook_py(kStartup); }
int preInputHook() { return runHook_py(kPreInput); }

// The completer's answer number `state` for `text`: memory of malloc's, null at the end.
char* completion(const char* text, int state) {
  Thread& t = *current_thread;
  if (hooks[kCompleter].isUndefined()) return nullptr;
  *edit.rl_attempted_completion_over = 1;
  Ref held = Ref::of(hooks[kCompleter]), word = fsDecode(t, text);
  Ref answer = word ? callArgs_py(t, held.get(), word.get(), Value::fromInt(state)) : Ref();
  char* out = nullptr;
  if (answer && !answer.get().isNone()) {
    auto bytes = fsEncode_py(t, answer.get());
    if (!bytes.raised()) out = strdup(bytes.value.c_str());
  }
  clearException(t);
  return out;
}
char** completions(const char* text, int begin, int end) {
  *edit.rl_completion_append_character = '\0';
  begin_of_word = begin;
  end_of_word = end;
  return edit.rl_completion_matches(text, completion);
}
void displayMatches(char** matches, int count, int longest) {
  Thread& t = *current_thread;
  if (hooks[kDisplay].isUndefined()) return;
  Ref held = Ref::of(hooks[kDisplay]), list = newList(t), word = fsDecode(t, matches[0]);
  for (int i = 1; i <= count && matches[i] != nullptr; ++i) listAppendSteal(list.as<List>(), fsDecode(t, matches[i]).release());
  Ref result = callArgs_py(t, held.get(), word.get(), list.get(), Value::fromInt(longest));
  if (!result) writeUnraisable_py(t, "Exception ignored in a hook of readline: ", held.get());
}
void takeLine(char* line) {
  has_line = true;
  finished_line = line;
  edit.rl_callback_handler_remove();
}
int historyLength() {
  HISTORY_STATE* state = edit.history_get_history_state();
  int length = state->length;
  std::free(state);
  return length;
}
}  // namespace

// input() on a console: the line without its end; EOFError at the end of the input.
static Ref inputLine(Thread& t, const Value* a) {
  std::string prompt = TRY(fsEncode_py(t, a[0]));
  *edit.rl_instream = stdin;
  *edit.rl_outstream = stdout;
  has_line = false;
  finished_line = nullptr;
  edit.rl_callback_handler_install(prompt.c_str(), takeLine);
  while (!has_line) {
    pollfd input = {STDIN_FILENO, POLLIN, 0};
    int ready;
    {
      WithoutLock unlocked(t);
      ready = poll(&input, 1, -1);
    }
    if (ready > 0) {
      edit.rl_callback_read_char();
    } else if (ready < 0 && errno == EINTR && checkSignals_py(t).raised()) {
      edit.rl_callback_handler_remove();
      (void)!write(STDOUT_FILENO, "\n", 1);
      return kRaised;
    }
  }
  if (finished_line == nullptr) return raise(t, errors(t).eof_error, "EOF when reading a line");
  size_t size = std::strlen(finished_line);
  if (size > 0 && finished_line[size - 1] == '\n') finished_line[--size] = '\0';
  if (keeps_history && size > 0) {
    int length = historyLength();
    HIST_ENTRY* last = length > 0 ? edit.history_get(length + *edit.history_base - 1) : nullptr;
    if (last == nullptr || std::strcmp(last->line, finished_line) != 0) edit.add_history(finished_line);
  }
  Ref line = fsDecode(t, std::string_view(finished_line, size));
  std::free(finished_line);
  return line;
}

// --- settings
static Ref parseAndBind(Thread& t, const Value* a) {
  std::string text = TRY(fsEncode_py(t, a[0]));
  edit.rl_parse_and_bind(text.c_str());
  return Ref::none();
}
static Ref readInitFile(Thread& t, const Value* a) {
  PathArg path;
  if (!a[0].isNone()) {
    TRY(pathArg_py(t, a[0], kPathOnly, "read_init_file", "filename", path));
    TRY(audit_py(t, "open", {a[0], newStr(t, "r").get(), Value::fromInt(0)}));
  }
  errno = 0;
  if (edit.rl_read_init_file(a[0].isNone() ? nullptr : path.c()) != 0) return raiseOSError(t, errno != 0 ? errno : ENOENT);
  return Ref::none();
}
static Ref setHook(Thread& t, Hook hook, Value function, const char* name) {
  if (!function.isNone() && !isCallable(t, function)) return raiseTypeError(t, "set_%s(func): argument not callable", name);
  Ref old = Ref::steal(hooks[hook]);
  hooks[hook] = function.isNone() ? Value() : share(function);
  return Ref::none();
}
static Ref setStartupHook(Thread& t, const Value* a) {
  Ref done = TRY(setHook(t, kStartup, a[0], "startup_hook"));
  *edit.rl_startup_hook = hooks[kStartup].defined() ? startupHook : nullptr;
  return done;
}
static Ref setPreInputHook(Thread& t, const Value* a) {
  Ref done = TRY(setHook(t, kPreInput, a[0], "pre_input_hook"));
  *edit.rl_pre_input_hook = hooks[kPreInput].defined() ? preInputHook : nullptr;
  return done;
}
static Ref setDisplayHook(Thread& t, const Value* a) {
  Ref done = TRY(setHook(t, kDisplay, a[0], "completion_display_matches_hook"));
  *edit.rl_completion_display_matches_hook = hooks[kDisplay].defined() ? reinterpret_cast<VFunction*>(displayMatches) : nullptr;
  return done;
}
static Ref setCompleter(Thread& t, const Value* a) { return setHook(t, kCompleter, a[0], "completer"); }
static Ref getCompleter(Thread&, const Value*) { return hooks[kCompleter].defined() ? Ref::of(hooks[kCompleter]) : Ref::none(); }
static Ref getCompletionType(Thread&, const Value*) { return newIntSmall(*edit.rl_completion_type); }
static Ref getBegin(Thread&, const Value*) { return newIntSmall(begin_of_word); }
static Ref getEnd(Thread&, const Value*) { return newIntSmall(end_of_word); }
static Ref getDelimiters(Thread& t, const Value*) { return fsDecode(t, delimiters); }
static Ref setDelimiters(Thread& t, const Value* a) {
  delimiters = TRY(fsEncode_py(t, a[0]));
  *edit.rl_completer_word_break_characters = delimiters.data();
  return Ref::none();
}

// --- the line being edited
static Ref getLineBuffer(Thread& t, const Value*) {
  const char* line = *edit.rl_line_buffer;
  return fsDecode(t, line == nullptr ? "" : line);
}
static Ref insertText(Thread& t, const Value* a) {
  std::string text = TRY(fsEncode_py(t, a[0]));
  edit.rl_insert_text(text.c_str());
  return Ref::none();
}
static Ref redisplay(Thread&, const Value*) {
  edit.rl_redisplay();
  return Ref::none();
}

// --- history. Positions of the library's begin at `history_base` when it is asked, and at 0 when it changes an entry.
static Status historyFile_py(Thread& t, Value name, const char* function, const char* mode, std::string& path) {
  if (name.isNone()) return kDone;
  PathArg given;
  TRY(pathArg_py(t, name, kPathOnly, function, "filename", given));
  TRY(audit_py(t, "open", {name, newStr(t, mode).get(), Value::fromInt(0)}));
  path = given.text;
  return kDone;
}
static Ref readHistoryFile(Thread& t, const Value* a) {
  std::string path;
  TRY(historyFile_py(t, a[0], "read_history_file", "r", path));
  int error = edit.read_history(path.empty() ? nullptr : path.c_str());
  if (error != 0) return raiseOSError(t, error);
  return Ref::none();
}
static Status truncate(Thread&, const std::string& path) {
  if (history_limit >= 0) edit.history_truncate_file(path.empty() ? nullptr : path.c_str(), static_cast<int>(history_limit));
  return kDone;
}
static Ref writeHistoryFile(Thread& t, const Value* a) {
  std::string path;
  TRY(historyFile_py(t, a[0], "write_history_file", "w", path));
  int error = edit.write_history(path.empty() ? nullptr : path.c_str());
  if (error != 0) return raiseOSError(t, error);
  TRY(truncate(t, path));
  return Ref::none();
}
static Ref appendHistoryFile(Thread& t, const Value* a) {
  int count = TRY(toCInt_py(t, a[0]));
  if (count < 0) return raiseValueError(t, "'nelements' must be non-negative, not %d", count);
  std::string path;
  TRY(historyFile_py(t, a[1], "append_history_file", "a", path));
  int error = edit.append_history(count - replaced_from, path.empty() ? nullptr : path.c_str());
  if (error != 0) return raiseOSError(t, error);
  TRY(truncate(t, path));
  return Ref::none();
}
static Ref getHistoryLength(Thread& t, const Value*) { return newInt(t, history_limit); }
static Ref setHistoryLength(Thread& t, const Value* a) {
  history_limit = TRY(toCInt_py(t, a[0]));
  return Ref::none();
}
static Ref getCurrentHistoryLength(Thread&, const Value*) { return newIntSmall(historyLength()); }
static Ref getHistoryItem(Thread& t, const Value* a) {
  int index = TRY(toCInt_py(t, a[0]));
  if (index < 1 || index > historyLength()) return Ref::none();
  HIST_ENTRY* entry = edit.history_get(index - 1 + *edit.history_base);
  return entry != nullptr && entry->line != nullptr ? fsDecode(t, entry->line) : Ref::none();
}
static void freeEntry(HIST_ENTRY* entry) {
  std::free(const_cast<char*>(entry->line));
  std::free(entry);
}
static Ref removeHistoryItem(Thread& t, const Value* a) {
  int index = TRY(toCInt_py(t, a[0]));
  if (index < 0) return raiseValueError(t, "History index cannot be negative");
  HIST_ENTRY* entry = index < historyLength() ? edit.remove_history(index) : nullptr;
  if (entry == nullptr) return raiseValueError(t, "No history item at position %d", index);
  freeEntry(entry);
  return Ref::none();
}
static Ref replaceHistoryItem(Thread& t, const Value* a) {
  int index = TRY(toCInt_py(t, a[0]));
  std::string line = TRY(fsEncode_py(t, a[1]));
  if (index < 0) return raiseValueError(t, "History index cannot be negative");
  HIST_ENTRY* entry = index < historyLength() ? edit.replace_history_entry(index + replaced_from, line.c_str(), nullptr) : nullptr;
  if (entry == nullptr) return raiseValueError(t, "No history item at position %d", index);
  freeEntry(entry);
  return Ref::none();
}
static Ref addHistory(Thread& t, const Value* a) {
  std::string line = TRY(fsEncode_py(t, a[0]));
  edit.add_history(line.c_str());
  return Ref::none();
}
static Ref clearHistory(Thread&, const Value*) {
  edit.clear_history();
  return Ref::none();
}
static Ref setAutoHistory(Thread& t, const Value* a) {
  keeps_history = TRY(isTrue_py(t, a[0]));
  return Ref::none();
}

static const NativeDef kFunctions[] = {{"parse_and_bind", "(string, /)", parseAndBind, "Execute the init line provided in the string argument."},
    {"read_init_file", "(filename=None, /)", readInitFile, "Execute a readline initialization file."},
    {"read_history_file", "(filename=None, /)", readHistoryFile, "Load a readline history file."},
    {"write_history_file", "(filename=None, /)", writeHistoryFile, "Save a readline history file."},
    {"append_history_file", "(nelements, filename=None, /)", appendHistoryFile, "Append the last nelements items of the history list to file."},
    {"get_history_length", "()", getHistoryLength, "Return the maximum number of lines that will be written to the history file."},
    {"set_history_length", "(length, /)", setHistoryLength, "Set the maximal number of lines which will be written to the history file."},
    {"get_current_history_length", "()", getCurrentHistoryLength, "Return the current (not the maximum) length of history."},
    {"get_history_item", "(index, /)", getHistoryItem, "Return the current contents of history item at one-based index."},
    {"remove_history_item", "(pos, /)", removeHistoryItem, "Remove history item given by its zero-based position."},
    {"replace_history_item", "(pos, line, /)", replaceHistoryItem, "Replaces history item given by its position with contents of line."},
    {"add_history", "(string, /)", addHistory, "Add an item to the history buffer."}, {"clear_history", "()", clearHistory, "Clear the current readline history."},
    {"set_auto_history", "(enabled, /)", setAutoHistory, "Enables or disables automatic history."},
    {"set_startup_hook", "(function=None, /)", setStartupHook, "Set or remove the function invoked by the rl_startup_hook callback."},
    {"set_pre_input_hook", "(function=None, /)", setPreInputHook, "Set or remove the function invoked by the rl_pre_input_hook callback."},
    {"set_completion_display_matches_hook", "(function=None, /)", setDisplayHook, "Set or remove the completion display function."},
    {"set_completer", "(function=None, /)", setCompleter, "Set or remove the completer function."}, {"get_completer", "()", getCompleter, "Get the current completer function."},
    {"get_completion_type", "()", getCompletionType, "Get the type of completion being attempted."}, {"get_begidx", "()", getBegin, "Get the beginning index of the completion scope."},
    {"get_endidx", "()", getEnd, "Get the ending index of the completion scope."},
    {"set_completer_delims", "(string, /)", setDelimiters, "Set the word delimiters for completion."},
    {"get_completer_delims", "()", getDelimiters, "Get the word delimiters for completion."},
    {"get_line_buffer", "()", getLineBuffer, "Return the current contents of the line buffer."}, {"insert_text", "(string, /)", insertText, "Insert text into the line buffer at the cursor position."},
    {"redisplay", "()", redisplay, "Change what's displayed on the screen to reflect contents of the line buffer."},
    {"_input", "(prompt, /)", inputLine}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  if (const char* reason = load()) return raise(t, errors(t).import_error, "%s", reason);
  static char name[] = "python";
  *edit.rl_readline_name = name;
  *edit.rl_catch_signals = 0;
  *edit.rl_instream = stdin;
  *edit.rl_outstream = stdout;
  edit.rl_initialize();  // once: a second call forgets what was typed ahead
  delimiters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
  *edit.rl_completer_word_break_characters = delimiters.data();
  *edit.rl_attempted_completion_function = completions;
  edit.add_history("1");
  HIST_ENTRY* old = edit.replace_history_entry(1, "X", nullptr);
  HIST_ENTRY* first = edit.history_get(1);
  replaced_from = first != nullptr && std::strcmp(first->line, "X") == 0;
  if (old != nullptr) freeEntry(old);
  edit.clear_history();
  edit.rl_bind_key('\t', edit.rl_insert);  // until a program asks for completion
  moduleSet(t, m, "backend", newStr(t, "editline").get());
  moduleSet(t, m, "_READLINE_VERSION", Value::fromInt(RL_READLINE_VERSION));
  moduleSet(t, m, "_READLINE_RUNTIME_VERSION", Value::fromInt(RL_READLINE_VERSION));
  moduleSet(t, m, "_READLINE_LIBRARY_VERSION", newStr(t, *edit.rl_library_version).get());
  return kDone;
}
extern const NativeModule kReadlineModule;
const NativeModule kReadlineModule = {"readline", "Importing this module enables command line editing using libedit readline.", kFunctions, initModule};

}  // namespace krait::modules
