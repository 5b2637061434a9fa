#pragma once

#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace bn_only {

/// The threads that share a kernel's work: as many as TensorFlow's pool has, the caller included.
class Team {
 public:
  /// Never destroyed: its threads may still wait when the process ends.
  static Team& instance() {
    static Team* team = new Team();
    return *team;
  }

  /// Calls `work(0)` to `work(tasks - 1)`, in any order and some at the same time, and returns
  /// after the last. Results must not depend on who does what.
  void run(int64_t tasks, const std::function<void(int64_t)>& work) {
    std::unique_lock<std::mutex> mine(one_job_, std::try_to_lock);
    if (tasks < 2 || helpers_ == 0 || !mine) {
      for (int64_t task = 0; task < tasks; task++) work(task);
      return;
    }
    auto job = std::make_shared<Job>(tasks, work);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      job_ = job;
      round_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    job->take_part();
    while (job->unfinished.load(std::memory_order_acquire) > 0) std::this_thread::yield();
  }

 private:
  struct Job {
    Job(int64_t count, const std::function<void(int64_t)>& each)
        : tasks(count), unfinished(count), work(each) {}

    /// `work` is called only while the caller waits for it; a helper that comes late finds no task.
    void take_part() {
      for (int64_t task; (task = next.fetch_add(1)) < tasks;) {
        work(task);
        unfinished.fetch_sub(1, std::memory_order_release);
      }
    }

    const int64_t tasks;
    std::atomic<int64_t> next{0};
    std::atomic<int64_t> unfinished;
    const std::function<void(int64_t)>& work;
  };

  Team() : helpers_(threads() - 1) {
    for (int i = 0; i < helpers_; i++) std::thread([this] { help(); }).detach();
  }

  /// TensorFlow reads the same variable, and else counts the CPUs that the process may run on.
  static int threads() {
    const char* wanted = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int given = wanted ? std::atoi(wanted) : 0;
    if (given > 0) return given;
    cpu_set_t cpus;
    return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
  }

  void help() {
    for (uint64_t seen = 0;;) {
      // A kernel's second job follows its first within microseconds.
      for (int i = 0; i < kSpins && round_.load(std::memory_order_acquire) == seen; i++) pause();
      std::shared_ptr<Job> job;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return round_.load(std::memory_order_relaxed) != seen; });
        seen = round_.load(std::memory_order_relaxed);
        job = job_;
      }
      job->take_part();
    }
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  static constexpr int kSpins = 500;

  const int helpers_;
  std::mutex one_job_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<uint64_t> round_{0};
  std::shared_ptr<Job> job_;
};

}  // namespace bn_only
