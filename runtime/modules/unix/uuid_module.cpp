// The `_uuid` module: identifiers of version 1 made from the clock and this machine's network address. Processes do not
// agree with each other about the clock's last value, so that what is made is never promised to be unique among them.
// ref: RFC 9562, section 5.1.
#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>

#include "runtime/modules/os_support.h"

namespace krait::modules {

namespace {
struct Generator {
  uint64_t last = 0;        // in units of 100 ns since 15 October 1582
  uint16_t sequence = 0;
  uint8_t node[6] = {};
  pid_t owner = -1;         // a child process begins anew
};
Generator generator;

bool hasAddress(const char* card, uint8_t* node) {
  std::string path = std::string("/sys/class/net/") + card + "/address";
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char text[32] = {};
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  unsigned parts[6];
  if (n <= 0 || sscanf(text, "%x:%x:%x:%x:%x:%x", &parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &parts[5]) != 6) return false;
  bool is_zero = true;
  for (int i = 0; i < 6; ++i) {
    node[i] = static_cast<uint8_t>(parts[i]);
    is_zero = is_zero && parts[i] == 0;
  }
  return !is_zero && !(node[0] & 1);
}
void findNode(uint8_t* node) {
  bool is_found = false;
  if (DIR* cards = opendir("/sys/class/net")) {
    while (dirent* card = is_found ? nullptr : readdir(cards)) is_found = card->d_name[0] != '.' && hasAddress(card->d_name, node);
    closedir(cards);
  }
  if (is_found) return;
  (void)!getrandom(node, 6, 0);
  node[0] |= 1;  // a random address says that it is none of a card
}
uint64_t nextTick() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t ticks = static_cast<uint64_t>(now.tv_sec) * 10000000 + static_cast<uint64_t>(now.tv_nsec) / 100 + 0x01B21DD213814000;
  pid_t me = getpid();
  if (generator.owner != me) {
    generator.owner = me;
    findNode(generator.node);
    (void)!getrandom(&generator.sequence, sizeof generator.sequence, 0);
  }
  if (ticks <= generator.last) ticks = generator.last + 1;
  return generator.last = ticks;
}
}  // namespace

static Ref generateTimeSafe(Thread& t, const Value*) {
  uint64_t ticks = nextTick();
  uint8_t out[16];
  uint32_t low = static_cast<uint32_t>(ticks);
  uint16_t middle = static_cast<uint16_t>(ticks >> 32), high = static_cast<uint16_t>(((ticks >> 48) & 0x0FFF) | 0x1000);
  uint16_t sequence = static_cast<uint16_t>((generator.sequence & 0x3FFF) | 0x8000);
  for (int i = 0; i < 4; ++i) out[i] = static_cast<uint8_t>(low >> (24 - 8 * i));
  for (int i = 0; i < 2; ++i) {
    out[4 + i] = static_cast<uint8_t>(middle >> (8 - 8 * i));
    out[6 + i] = static_cast<uint8_t>(high >> (8 - 8 * i));
    out[8 + i] = static_cast<uint8_t>(sequence >> (8 - 8 * i));
  }
  for (int i = 0; i < 6; ++i) out[10 + i] = generator.node[i];
  Ref bytes = newBytes(t, std::string_view(reinterpret_cast<const char*>(out), sizeof out));
  return tupleOf(t, {bytes.get(), Value::fromInt(-1)});
}
static const NativeDef kFunctions[] = {{"generate_time_safe", "()", generateTimeSafe}, {nullptr, nullptr, nullptr}};
static Status initModule(Thread& t, Module* m) {
  moduleSet(t, m, "has_uuid_generate_time_safe", Value::fromInt(1));
  moduleSet(t, m, "has_stable_extractable_node", Value::fromInt(0));
  return kDone;
}
extern const NativeModule kUuidModule;
const NativeModule kUuidModule = {"_uuid", "UUIDs of version 1.", kFunctions, initModule};

}  // namespace krait::modules
