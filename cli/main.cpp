#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("krait %s\n", KRAIT_VERSION);
    return 0;
  }
  std::fprintf(stderr, "usage: krait COMMAND\n");
  return 2;
}
