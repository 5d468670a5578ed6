/*
 * For tests/differential.py: reads lines "input TAB layers" from standard input and answers each
 * with "output TAB params TAB macs", or "error TAB - TAB -" for what is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

enum { MEMORY = 1 << 28 };

static void answer(char *line, void *memory, size_t size)
{
    char *layers = strchr(line, '\t');
    if (layers == NULL) {
        puts("error\t-\t-");
        return;
    }
    *layers++ = '\0';
    const cnn_settings settings = {.input = {line, strlen(line)}};
    cnn_arena arena = cnn_arena_over(memory, size);
    cnn_network net = {0};
    cnn_error err = {0};
    if (!cnn_network_read(&arena, (cnn_text){layers, strlen(layers)}, &settings, &net, &err)) {
        puts(err.code == CNN_OUT_OF_MEMORY ? "memory\t-\t-" : "error\t-\t-");
        return;
    }
    const cnn_shape *out = &net.layers[net.output].out;
    printf("%lld", (long long)out->channels);
    for (int i = 0; i < out->axes; i++) {
        printf("x%lld", (long long)out->side[i]);
    }
    printf("\t%lld\t%lld\n", (long long)net.totals.params, (long long)net.totals.macs);
}

int main(void)
{
    static char line[1 << 20];
    void *memory = malloc(MEMORY);
    while (memory != NULL && fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        answer(line, memory, MEMORY);
    }
    const bool failed = memory == NULL;
    free(memory);
    return failed;
}
