/* Cuts the power of a process: it ends at the N-th write or sync to files of a folder, and what it wrote there and did not
 * sync can be dropped. Loaded with LD_PRELOAD, into a process that has one thread at a time at these files.
 *
 * POWERLOSS_DIR     the folder whose files are watched
 * POWERLOSS_DURABLE a folder for copies of them as they were at their last sync
 * POWERLOSS_AT      the write or sync before which it ends; 0: never
 * POWERLOSS_COUNT   a file that is told how many there were, where it ends by itself
 *
 * The shared memory of the database (-shm) is none of its durable state, and not counted. A file that is unlinked is gone
 * for good with the next sync of any file, as on a file system with an ordered journal.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define GONE 64

static const char *folder, *durable;
static size_t folder_length;
static long boundary, last;
static char gone[GONE][NAME_MAX + 1];
static int gone_count;

__attribute__((constructor)) static void begin(void) {
    folder = getenv("POWERLOSS_DIR");
    durable = getenv("POWERLOSS_DURABLE");
    const char *at = getenv("POWERLOSS_AT");
    folder_length = folder ? strlen(folder) : 0;
    last = at ? atol(at) : 0;
}

__attribute__((destructor)) static void end(void) {
    const char *count = getenv("POWERLOSS_COUNT");
    FILE *file = count ? fopen(count, "w") : NULL;
    if (file) {
        fprintf(file, "%ld", boundary);
        fclose(file);
    }
}

/* The name of a watched file, or nothing. */
static const char *watched_path(const char *path) {
    if (!folder || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return NULL;
    const char *name = path + folder_length + 1;
    size_t length = strlen(name);
    if (strchr(name, '/') || (length > 4 && strcmp(name + length - 4, "-shm") == 0)) return NULL;
    return name;
}

static const char *watched(int fd, char *path) {
    char link[64];
    if (!folder) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return NULL;
    path[length] = 0;
    return watched_path(path);
}

static void cross(void) {
    boundary++;
    if (last && boundary == last) _exit(137);
}

static void copy_of(const char *name, char *path) {
    snprintf(path, PATH_MAX, "%s/%s", durable, name);
}

/* The content of a synced file, and everything that went before it in the folder, is there to stay. */
static void keep(int fd, const char *name) {
    char path[PATH_MAX], buffer[65536];
    while (gone_count > 0) {
        copy_of(gone[--gone_count], path);
        REAL(unlink)(path);
    }
    copy_of(name, path);
    int copy = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    off_t at = 0;
    ssize_t got;
    /* The descriptor may be write-only: read by path. */
    char source[64];
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    int original = open(source, O_RDONLY);
    while ((got = pread(original, buffer, sizeof buffer, at)) > 0) {
        REAL(pwrite64)(copy, buffer, got, at);
        at += got;
    }
    close(original);
    close(copy);
}

#define BEFORE(fd) do { char path_[PATH_MAX]; if (watched(fd, path_)) cross(); } while (0)

ssize_t write(int fd, const void *data, size_t size) { BEFORE(fd); return REAL(write)(fd, data, size); }
ssize_t writev(int fd, const struct iovec *data, int count) { BEFORE(fd); return REAL(writev)(fd, data, count); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { BEFORE(fd); return REAL(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { BEFORE(fd); return REAL(pwrite64)(fd, data, size, at); }
int ftruncate(int fd, off_t size) { BEFORE(fd); return REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { BEFORE(fd); return REAL(ftruncate64)(fd, size); }

static int sync_of(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    const char *name = watched(fd, path);
    if (name) cross();
    int done = real(fd);
    struct stat info;
    if (name && done == 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) keep(fd, name);
    return done;
}

int fsync(int fd) { return sync_of(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_of(fd, REAL(fdatasync)); }

int unlink(const char *path) {
    const char *name = watched_path(path);
    if (name && gone_count < GONE) strncpy(gone[gone_count++], name, NAME_MAX);
    return REAL(unlink)(path);
}
