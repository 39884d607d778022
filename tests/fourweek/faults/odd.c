/* Loaded into a server (LD_PRELOAD): the file named by ODD_MACHINE says what ails its machine, a word and a number.
   `sync N`: every sync of a file fails with errno N; `write N`: every write to a file does; `clock N`: N seconds off. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long ails(const char *what) {
    char word[16] = "";
    long number = 0;
    const char *path = getenv("ODD_MACHINE");
    FILE *file = path ? fopen(path, "re") : NULL;
    if (!file) return 0;
    if (fscanf(file, "%15s %ld", word, &number) != 2 || strcmp(word, what)) number = 0;
    fclose(file);
    return number;
}

static int fails(const char *what, int fd) {
    struct stat facts;
    if (fstat(fd, &facts) || !(S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode))) return 0;
    long number = ails(what);
    if (number) errno = (int)number;
    return number != 0;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

int fsync(int fd) { REAL(fsync); return fails("sync", fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return fails("sync", fd) ? -1 : real(fd); }
ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    return fails("write", fd) ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    return fails("write", fd) ? -1 : real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    return fails("write", fd) ? -1 : real(fd, data, size, at);
}
int clock_gettime(clockid_t which, struct timespec *now) {
    REAL(clock_gettime);
    int done = real(which, now);
    if (!done && which == CLOCK_REALTIME) now->tv_sec += ails("clock");
    return done;
}
