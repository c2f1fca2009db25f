/* Counts the file operations of a process below one folder, and at the n-th dies or fails.

   Loaded before the C library (LD_PRELOAD), so that SQLite, Arrow, HDF5 and Python itself pass
   through it. A process can lose what is on its disk only at such an operation: a death between two of
   them leaves the same disk as a death before the second one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DIE_BEFORE = 1, DIE_AFTER = 2, DIE_TORN = 3, FAIL = 4, FAIL_ON = 5, COUNT = 6 };
enum { OPENS = 1, CREATES = 2, WRITES = 4, SYNCS = 8, NAMES = 16, READS = 32 };

static char folder[PATH_MAX];
static long at = -1, passed = 0;
static int action = 0, with = 0, kinds = 0, telling = -1;

/* Begin to count below a folder; operations of other kinds are let through uncounted. */
void fault_arm(const char *below, long n, int what, int error, int which, int tell)
{
    snprintf(folder, sizeof folder, "%s", below);
    at = n;
    action = what;
    with = error;
    kinds = which;
    telling = tell;
    __atomic_store_n(&passed, 0, __ATOMIC_SEQ_CST);
}

long fault_passed(void) { return __atomic_load_n(&passed, __ATOMIC_SEQ_CST); }

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int below(const char *path)
{
    size_t n = strlen(folder);
    return n && !strncmp(path, folder, n);
}

static int path_of(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return 1;
}

static int whole_path(int fd, const char *name, char *path)
{
    char base[PATH_MAX];
    if (name[0] == '/') return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX;
    if (fd == AT_FDCWD ? !getcwd(base, sizeof base) : !path_of(fd, base)) return 0;
    return snprintf(path, PATH_MAX, "%s/%s", base, name) < PATH_MAX;
}

/* Return 0: go on; 1: fail with errno set; 2: die after it; 3: do half of it and die. */
static int point(const char *what, int kind, const char *path)
{
    if (!action || !(kinds & kind) || !below(path)) return 0;
    int kept = errno;
    long now = __atomic_add_fetch(&passed, 1, __ATOMIC_SEQ_CST);
    if (telling >= 0 && (action == COUNT || now == at)) {
        const char *last = strrchr(path, '/');
        dprintf(telling, "%s %s\n", what, last ? last + 1 : path);
    }
    errno = kept;
    if (action == COUNT || now < at || (now > at && action != FAIL_ON)) return 0;
    if (action == FAIL || action == FAIL_ON) {
        errno = with;
        return 1;
    }
    if (action == DIE_BEFORE || (action == DIE_TORN && kind != WRITES)) die();
    return action == DIE_AFTER ? 2 : 3;
}

static int point_fd(const char *what, int kind, int fd)
{
    char path[PATH_MAX];
    if (!action) return 0;
    int kept = errno;
    int known = path_of(fd, path);
    errno = kept;
    return known ? point(what, kind, path) : 0;
}

static int point_at(const char *what, int kind, int fd, const char *name)
{
    char path[PATH_MAX];
    if (!action || !whole_path(fd, name, path)) return 0;
    return point(what, kind, path);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define RETURN(found) \
    do { \
        __typeof__(found) done = (found); \
        if (turn == 2) die(); \
        return done; \
    } while (0)

static int kind_of_open(int flags)
{
    return flags & O_CREAT ? CREATES : OPENS;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        int turn = point_at("open", kind_of_open(flags), AT_FDCWD, path); \
        if (turn == 1) return -1; \
        RETURN(real(path, flags, mode)); \
    }
#define OPENAT(name) \
    int name(int fd, const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        int turn = point_at("open", kind_of_open(flags), fd, path); \
        if (turn == 1) return -1; \
        RETURN(real(fd, path, flags, mode)); \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t n)
{
    REAL(write);
    int turn = point_fd("write", WRITES, fd);
    if (turn == 1) return -1;
    if (turn == 3) {
        real(fd, data, n / 2);
        die();
    }
    RETURN(real(fd, data, n));
}

#define PWRITE(name, type) \
    ssize_t name(int fd, const void *data, size_t n, type offset) \
    { \
        REAL(name); \
        int turn = point_fd("write", WRITES, fd); \
        if (turn == 1) return -1; \
        if (turn == 3) { \
            real(fd, data, n / 2, offset); \
            die(); \
        } \
        RETURN(real(fd, data, n, offset)); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    REAL(writev);
    int turn = point_fd("write", WRITES, fd);
    if (turn == 1) return -1;
    if (turn == 3) die();
    RETURN(real(fd, parts, n));
}

ssize_t sendfile(int out, int in, off_t *offset, size_t n)
{
    REAL(sendfile);
    int turn = point_fd("write", WRITES, out);
    if (turn == 1) return -1;
    if (turn == 3) {
        real(out, in, offset, n / 2);
        die();
    }
    RETURN(real(out, in, offset, n));
}

ssize_t read(int fd, void *data, size_t n)
{
    REAL(read);
    int turn = point_fd("read", READS, fd);
    if (turn == 1) return -1;
    RETURN(real(fd, data, n));
}

#define PREAD(name, type) \
    ssize_t name(int fd, void *data, size_t n, type offset) \
    { \
        REAL(name); \
        int turn = point_fd("read", READS, fd); \
        if (turn == 1) return -1; \
        RETURN(real(fd, data, n, offset)); \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define ON_FD(name, what, kind, given, passed_on) \
    int name given \
    { \
        REAL(name); \
        int turn = point_fd(what, kind, fd); \
        if (turn == 1) return -1; \
        RETURN(real passed_on); \
    }
ON_FD(fsync, "fsync", SYNCS, (int fd), (fd))
ON_FD(fdatasync, "fsync", SYNCS, (int fd), (fd))
ON_FD(ftruncate, "truncate", WRITES, (int fd, off_t n), (fd, n))
ON_FD(ftruncate64, "truncate", WRITES, (int fd, off64_t n), (fd, n))

#define ON_NAME(name, what, dir, path, given, passed_on) \
    int name given \
    { \
        REAL(name); \
        int turn = point_at(what, NAMES, dir, path); \
        if (turn == 1) return -1; \
        RETURN(real passed_on); \
    }
ON_NAME(rename, "rename", AT_FDCWD, to, (const char *from, const char *to), (from, to))
ON_NAME(renameat, "rename", there, to, (int here, const char *from, int there, const char *to),
        (here, from, there, to))
ON_NAME(renameat2, "rename", there, to,
        (int here, const char *from, int there, const char *to, unsigned how),
        (here, from, there, to, how))
ON_NAME(unlink, "unlink", AT_FDCWD, path, (const char *path), (path))
ON_NAME(unlinkat, "unlink", fd, path, (int fd, const char *path, int how), (fd, path, how))
ON_NAME(mkdir, "mkdir", AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
ON_NAME(mkdirat, "mkdir", fd, path, (int fd, const char *path, mode_t mode), (fd, path, mode))
ON_NAME(rmdir, "rmdir", AT_FDCWD, path, (const char *path), (path))
