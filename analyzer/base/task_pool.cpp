#include "analyzer/base/task_pool.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace krait {

// Deep source nests deep recursion in later stages; the stack is reserved, not used, until needed.
static constexpr size_t kWorkerStackBytes = size_t{64} << 20;

namespace {
struct Loop {
  std::atomic<size_t> next = 0;
  size_t count;
  const std::function<void(size_t)>* job;
};
}  // namespace

static void* runLoop(void* argument) {
  Loop* loop = static_cast<Loop*>(argument);
  for (size_t i = loop->next++; i < loop->count; i = loop->next++) (*loop->job)(i);
  return nullptr;
}

unsigned hardwareThreads() { return std::max(1u, std::thread::hardware_concurrency()); }

void parallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& job) {
  Loop loop{.count = count, .job = &job};
  std::vector<pthread_t> workers;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kWorkerStackBytes);
  for (size_t i = 1; i < std::min<size_t>(threads, count); ++i) {
    pthread_t worker;
    if (pthread_create(&worker, &attributes, runLoop, &loop) == 0) workers.push_back(worker);
  }
  pthread_attr_destroy(&attributes);
  runLoop(&loop);
  for (pthread_t worker : workers) pthread_join(worker, nullptr);
}

}  // namespace krait
