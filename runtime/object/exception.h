// Exception objects. All share BaseException's fields; the attributes that only some classes have (name, obj, errno …)
// are in `extra`, by the index that their class gives them (exception.cpp).
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

constexpr int kExceptionExtras = 8;

struct BaseException : Object {
  Value args;        // Tuple
  Value traceback;   // Traceback or Undefined
  Value cause;       // or Undefined
  Value context;     // or Undefined
  Dict* dict;
  bool suppress_context;
  Value extra[kExceptionExtras];  // Undefined where absent
};

struct Traceback : Object {
  Value next;   // Traceback or Undefined
  Value frame;  // FrameObject
  int32_t line;
  int32_t instruction;  // index of the instruction, for positions
  int32_t lasti;        // what the constructor was given, when it made this
  bool is_made;
};

// The class's constructor called with `args`.
Ref newException_py(Thread& t, Type* type, const Value* args, uint32_t nargs);
void setContext(BaseException* exception, Value context);
void setCause(BaseException* exception, Value cause);
// Indices into `extra`.
enum ExceptionExtra {
  kExtraName = 0, kExtraObj = 1,                     // AttributeError, NameError (name)
  kImportMsg = 0, kImportName = 1, kImportPath = 2, kImportNameFrom = 3,
  kOsErrno = 0, kOsStrerror = 1, kOsFilename = 2, kOsFilename2 = 3, kOsWritten = 4,
  kSyntaxMsg = 0, kSyntaxFilename = 1, kSyntaxLineno = 2, kSyntaxOffset = 3, kSyntaxText = 4, kSyntaxEndLineno = 5,
  kSyntaxEndOffset = 6, kSyntaxPrint = 7,
  kStopValue = 0, kExitCode = 0,
  kUnicodeEncoding = 0, kUnicodeObject = 1, kUnicodeStart = 2, kUnicodeEnd = 3, kUnicodeReason = 4,
  kGroupMessage = 0, kGroupExceptions = 1,
};

}  // namespace krait::object
