#include "analyzer/base/task_pool.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace krait {

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

static void* runJob(void* argument) {
  (*static_cast<const std::function<void()>*>(argument))();
  return nullptr;
}

void runOnDeepStack(const std::function<void()>& job) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kDeepStackBytes);
  pthread_t worker;
  void* argument = const_cast<std::function<void()>*>(&job);
  bool is_started = pthread_create(&worker, &attributes, runJob, argument) == 0;
  pthread_attr_destroy(&attributes);
  if (is_started) {
    pthread_join(worker, nullptr);
  } else {
    job();
  }
}

void parallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& job) {
  Loop loop{.count = count, .job = &job};
  std::vector<pthread_t> workers;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kDeepStackBytes);
  for (size_t i = 1; i < std::min<size_t>(threads, count); ++i) {
    pthread_t worker;
    if (pthread_create(&worker, &attributes, runLoop, &loop) == 0) workers.push_back(worker);
  }
  pthread_attr_destroy(&attributes);
  runLoop(&loop);
  for (pthread_t worker : workers) pthread_join(worker, nullptr);
}

}  // namespace krait
