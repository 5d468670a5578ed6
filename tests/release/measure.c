/*
 * Runs a command and writes its exit status (negative: a signal), seconds of processor time and
 * kilobytes held at most to the file named first. In C, because a child's peak is at least what its
 * parent held when it forked.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    const pid_t child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    FILE *to = fopen(argv[1], "w");
    if (child < 0 || to == NULL || wait4(child, &status, 0, &usage) < 0) {
        return 1;
    }
    const struct timeval *user = &usage.ru_utime, *system = &usage.ru_stime;
    fprintf(to, "%d %.3f %ld\n", WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status),
            (double)(user->tv_sec + system->tv_sec) +
                (double)(user->tv_usec + system->tv_usec) / 1e6,
            usage.ru_maxrss);
    return fclose(to);
}
