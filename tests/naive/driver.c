/*
 * For tests/naive/differential.py: reads lines "input TAB layers" from standard input and answers
 * each with "output TAB params TAB macs", or "error TAB - TAB -" for what is refused. A network
 * that is written as text and read back as another one is "unlike TAB text TAB -".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

enum { MEMORY = 1 << 28, TEXT = 1 << 24 };

static char text[TEXT];
static size_t used;

static bool collect(void *user, const char *data, size_t size)
{
    (void)user;
    const bool fits = size <= TEXT - used;
    memcpy(text + used, data, fits ? size : 0);
    used += fits ? size : 0;
    return fits;
}

/* Whether the network's text gives the same network, layer by layer. */
static bool reads_back(const cnn_network *net, cnn_arena rest)
{
    const cnn_arena half = cnn_arena_over(rest.low, (size_t)(rest.high - rest.low) / 2);
    cnn_arena other = half;
    cnn_network again = {0};
    cnn_error err = {0};
    cnn_writer to = {collect, NULL};
    used = 0;
    if (!cnn_network_write(net, half, &to, &err)) {
        return true; /* longer than the buffer */
    }
    if (!cnn_network_read(&other, (cnn_text){text, used}, NULL, &again, &err)) {
        return err.code == CNN_OUT_OF_MEMORY || strcmp(cnn_error_id(&err), "nesting") == 0;
    }
    bool same = again.layer_count == net->layer_count &&
                memcmp(&again.totals, &net->totals, sizeof again.totals) == 0;
    for (int32_t i = 0; same && i < net->layer_count; i++) {
        const cnn_layer *a = &again.layers[i], *b = &net->layers[i];
        same = memcmp(a->out.side, b->out.side, sizeof a->out.side) == 0 &&
               a->out.channels == b->out.channels && a->macs == b->macs;
    }
    return same;
}

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
    if (!reads_back(&net, arena)) {
        for (char *end; (end = memchr(text, '\n', used)) != NULL;) {
            *end = ';';
        }
        printf("unlike\t%.*s\t-\n", (int)used, text);
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
