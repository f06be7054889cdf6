// What the files of the `posix` module share. Each file gives one table of functions, joined in posix_module.cpp.
// ref: Modules/posixmodule.c.
#pragma once

#include "runtime/modules/os_support.h"
#include "runtime/object/struct_sequence.h"

namespace krait::modules::posix {

extern const NativeDef kFileFunctions[];       // names, folders, links, attributes
extern const NativeDef kStatFunctions[];       // stat, statvfs, access
extern const NativeDef kDescriptorFunctions[]; // open, read, write, pipes
extern const NativeDef kProcessFunctions[];    // fork, exec, wait, ids
extern const NativeDef kSystemFunctions[];     // environment, terminal, configuration, random
extern const NativeDef kTimerFunctions[];      // timers that are descriptors, namespaces

Status addStatTypes(Thread& t, Module* module);
Status addProcessTypes(Thread& t, Module* module);
Status addSystemTypes(Thread& t, Module* module);
Status addScandirTypes(Thread& t, Module* module);
void addConstants(Thread& t, Module* module);

// Types of results; made once per module.
struct PosixTypes {
  Type *stat_result = nullptr, *statvfs_result = nullptr, *times_result = nullptr, *uname_result = nullptr, *terminal_size = nullptr,
       *sched_param = nullptr, *waitid_result = nullptr, *scandir_iterator = nullptr, *dir_entry = nullptr;
};
extern PosixTypes types;

struct StatBuffer;
// os.stat_result of a system call's answer.
Ref statResult(Thread& t, const struct stat& st);
// The descriptor of a dir_fd argument; AT_FDCWD for None.
Fallible<int> dirFd_py(Thread& t, Value v);
Ref scandir(Thread& t, const Value* a);
Ref direntStat_py(Thread& t, const std::string& path, int dir_fd, bool follow, Value shown);

}  // namespace krait::modules::posix
