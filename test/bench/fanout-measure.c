/*
 * Runs a program and writes to descriptor 3 what it cost: one JSON line. usage: fanout-measure OPEN_FILES PROGRAM [ARGUMENT ...]
 * CPU time and memory are what wait4(2) says: of the program and of all children that it has waited for.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double ms_of(struct timeval time)
{
	return time.tv_sec * 1e3 + time.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	struct timespec before, after;
	int status;
	if (argc < 3)
		return 2;
	struct rlimit files = { .rlim_cur = atoi(argv[1]), .rlim_max = atoi(argv[1]) };
	clock_gettime(CLOCK_MONOTONIC, &before);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		close(3);
		if (setrlimit(RLIMIT_NOFILE, &files) != 0)
			_exit(126);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) < 0)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &after);
	double wall = (after.tv_sec - before.tv_sec) * 1e3 + (after.tv_nsec - before.tv_nsec) / 1e6;
	dprintf(3, "{\"status\":%d,\"userMs\":%.1f,\"systemMs\":%.1f,\"peakRssKb\":%ld,\"wallMs\":%.1f}\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
		ms_of(usage.ru_utime), ms_of(usage.ru_stime), usage.ru_maxrss, wall);
	return 0;
}
