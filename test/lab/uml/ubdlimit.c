/*
 * LD_PRELOAD library for linux.uml: reads, writes and discards of its disk images (files with the sticky bit) share one rate, so
 * that the guest sees an ordinary disk that is slow for every issuer, flusher and journal included. The rate is the text
 * in the file $UBDLIMIT, bytes a second, 32 bytes long and mapped: 0 no limit, -1 nothing completes any more.
 * fsync of such a file does nothing: the guest's barriers must not wait for this machine's own disk.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BURST_NS 2000000LL
#define SHORTEST_SLEEP_NS 1000000LL

static const char *limit;
static long long due_ns;

__attribute__((constructor)) static void map_limit(void) {
	const char *path = getenv("UBDLIMIT");
	int fd = path ? open(path, O_RDONLY) : -1;
	void *map = fd < 0 ? MAP_FAILED : mmap(0, 32, PROT_READ, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (map != MAP_FAILED)
		limit = map;
}

static int is_disk(int fd) {
	struct stat st;

	return limit && !fstat(fd, &st) && S_ISREG(st.st_mode) && (st.st_mode & S_ISVTX);
}

static void pay(int fd, long bytes) {
	struct timespec nap = {0, 20000000};
	struct timespec at;
	long long now_ns, rate;

	if (bytes <= 0 || !is_disk(fd))
		return;
	while ((rate = atoll(limit)) < 0)
		nanosleep(&nap, 0);
	if (rate == 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &at);
	now_ns = at.tv_sec * 1000000000LL + at.tv_nsec;
	if (due_ns < now_ns - BURST_NS)
		due_ns = now_ns - BURST_NS;
	due_ns += bytes * 1000000000LL / rate;
	if (due_ns - now_ns < SHORTEST_SLEEP_NS)
		return;
	at.tv_sec = due_ns / 1000000000;
	at.tv_nsec = due_ns % 1000000000;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, 0))
		;
}

ssize_t pread64(int fd, void *buffer, size_t size, off_t offset) {
	ssize_t done = syscall(SYS_pread64, fd, buffer, size, offset);

	pay(fd, done);
	return done;
}

ssize_t pwrite64(int fd, const void *buffer, size_t size, off_t offset) {
	ssize_t done = syscall(SYS_pwrite64, fd, buffer, size, offset);

	pay(fd, done);
	return done;
}

/* A discard punches a hole. */
int fallocate64(int fd, int mode, off_t offset, off_t size) {
	int failed = syscall(SYS_fallocate, fd, mode, offset, size);

	pay(fd, failed ? 0 : size);
	return failed;
}

int fsync(int fd) {
	return is_disk(fd) ? 0 : syscall(SYS_fsync, fd);
}
