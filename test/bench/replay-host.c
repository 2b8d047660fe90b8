/*
 * What a host of the fan-out benchmark runs instead of the bundle: sshd's ForceCommand, in a process as cheap as can be, so that the
 * clients are what is measured. usage: replay-host FOLDER
 *
 * Sleeps through the window, then prints FOLDER/ADDRESS (the address that was dialled, the third word of SSH_CONNECTION) with the
 * nonce in place of its placeholder. Both come from the last line of what a client sends:
 *     whodisk NONCE WINDOW DEADLINE ARGS ...
 * A client that sends nothing asks with its command, for which there is no nonce: "replay WINDOW".
 * Ends at once when stdin does, as the bundle would.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACEHOLDER "deadbeefdeadbeefdeadbeefdeadbeef"
#define NONCE_LENGTH 32
#define CALL "\nwhodisk "

static char in[256 * 1024], answer[256 * 1024];

/* Reads stdin up to the end of the call; the nonce, with the window behind it. */
static char *read_call(void)
{
	size_t length = 0;
	for (;;) {
		ssize_t got = read(0, in + length, sizeof in - 1 - length);
		if (got <= 0)
			return NULL;
		/* The call is the last line but one: only the end of what has come can hold it. */
		size_t from = length > 256 ? length - 256 : 0;
		length += got;
		char *call = memmem(in + from, length - from, CALL, strlen(CALL));
		while (call && strspn(call + strlen(CALL), "0123456789abcdef") != NONCE_LENGTH)
			call = memmem(call + 1, in + length - call - 1, CALL, strlen(CALL));
		if (call && memchr(call + 1, '\n', in + length - call - 1))
			return call + strlen(CALL);
	}
}

int main(int argc, char **argv)
{
	char address[64], path[4096];
	const char *connection = getenv("SSH_CONNECTION");
	const char *command = getenv("SSH_ORIGINAL_COMMAND");
	if (argc != 2 || !connection || sscanf(connection, "%*s %*s %63s", address) != 1)
		return 2;
	snprintf(path, sizeof path, "%s/%s", argv[1], address);

	const char *nonce = NULL;
	int window = 0;
	int stdin_ends_it = 1;
	if (command && sscanf(command, "replay %d", &window) == 1) {
		stdin_ends_it = 0;
	} else {
		nonce = read_call();
		if (!nonce)
			return 3;
		window = atoi(nonce + NONCE_LENGTH);
	}
	struct pollfd input = { .fd = stdin_ends_it ? 0 : -1, .events = POLLIN };
	if (poll(&input, 1, window * 1000) > 0 && (input.revents & POLLHUP || read(0, in, 1) <= 0))
		return 4;

	int file = open(path, O_RDONLY);
	ssize_t length = file < 0 ? -1 : read(file, answer, sizeof answer);
	if (length < 0)
		return 5;
	if (nonce)
		for (char *at = answer; (at = memmem(at, answer + length - at, PLACEHOLDER, NONCE_LENGTH)); at += NONCE_LENGTH)
			memcpy(at, nonce, NONCE_LENGTH);
	for (ssize_t done = 0, wrote; done < length; done += wrote)
		if ((wrote = write(1, answer + done, length - done)) < 0)
			return 6;
	return 0;
}
