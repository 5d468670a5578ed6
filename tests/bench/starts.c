/*
 * Times starts of programs: starts ROUNDS COMMAND [ARGUMENT]... [-- COMMAND [ARGUMENT]...]...
 *
 * The commands take turns. For each it prints a line: the median of its microseconds, the median of
 * its ratios to the first command in the same round, and the median of its page faults. This is C
 * because anything slow between the clock and the process would be timed too.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { MOST_COMMANDS = 16, MOST_ROUNDS = 100000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Microseconds from the start to the end; below 0: it could not be started, or failed. */
static double run(char **command, const posix_spawn_file_actions_t *silent, double *faults)
{
    pid_t pid;
    int status;
    struct rusage usage;
    const double start = now();
    if (posix_spawn(&pid, command[0], silent, NULL, command, environ) != 0 ||
        wait4(pid, &status, 0, &usage) != pid || status != 0) {
        return -1;
    }
    *faults = (double)usage.ru_minflt;
    return now() - start;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

int main(int argc, char **argv)
{
    static double taken[MOST_COMMANDS][MOST_ROUNDS], faults[MOST_COMMANDS][MOST_ROUNDS];
    static double ratios[MOST_ROUNDS];
    char **commands[MOST_COMMANDS];
    int count = 0;
    const int rounds = argc > 2 ? atoi(argv[1]) : 0;
    for (int i = 2; i < argc && count < MOST_COMMANDS; i++) {
        commands[count++] = &argv[i];
        while (i < argc && strcmp(argv[i], "--") != 0) {
            i++;
        }
        argv[i] = NULL; /* at the end it is */
    }
    if (rounds < 1 || rounds > MOST_ROUNDS) {
        fputs("usage: starts ROUNDS COMMAND [ARGUMENT]... [-- COMMAND [ARGUMENT]...]...\n", stderr);
        return 2;
    }
    posix_spawn_file_actions_t silent;
    posix_spawn_file_actions_init(&silent);
    posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < count; i++) {
            taken[i][round] = run(commands[i], &silent, &faults[i][round]);
            if (taken[i][round] < 0) {
                fprintf(stderr, "failed: %s\n", commands[i][0]);
                return 1;
            }
        }
    }
    double ratio[MOST_COMMANDS];
    for (int i = 0; i < count; i++) {
        for (int round = 0; round < rounds; round++) {
            ratios[round] = taken[i][round] / taken[0][round];
        }
        ratio[i] = median(ratios, rounds);
    }
    for (int i = 0; i < count; i++) {
        printf("%.1f %.3f %.0f %s\n", median(taken[i], rounds), ratio[i],
               median(faults[i], rounds), commands[i][0]);
    }
    return 0;
}
